r"""An install that a notebook hands to a shell, past its own kernel.

## Why

`!pip` is the `pip` that the shell finds, of whatever Python that is: where no environment was active when Jupyter was
started it is the system's, and the kernel that imports the package in the next cell may be another one altogether.
`%pip` always installs into the environment of the kernel that runs the notebook. `--fix` puts it there and changes
nothing else of the file.

Notebooks for machines that are thrown away, such as Colab's, may well do without: `ignore = ["notebook-shell-install"]`
in the settings says so for all, `per-file-ignores` for some.

## Bad

```json demo.ipynb
{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": ["!pip install pandas\n", "import pandas"]
  }
 ],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
 "nbformat": 4,
 "nbformat_minor": 5
}
```

## Good

```json demo.ipynb
{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": null,
   "metadata": {},
   "outputs": [],
   "source": ["%pip install pandas\n", "import pandas"]
  }
 ],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
 "nbformat": 4,
 "nbformat_minor": 5
}
```

## Limits

`!{sys.executable} -m pip` is the kernel's own Python, of which nobody knows whether it is an environment's: such a
finding is possible, not certain. A bare `pip install` line is the magic `%pip`, and nothing is said of it. `%%bash`
cells are scripts; they have no fix. Installs of nothing but system-wide tools are let pass.
"""

from __future__ import annotations

import re

from venvlint.model import Edit, Fix, Install, Span
from venvlint.rules import advice
from venvlint.source import Source

_ESCAPE = re.compile(r"[ \t]*(?P<escape>![ \t]*)")
# Calls of pip for which `%pip` can stand: what follows goes through the shell in either case.
_CALL = re.compile(
    r"(?:pip[\d.]*|(?:python[\d.]*|(?P<quote>[\"']?)\{\s*sys\.executable\s*\}(?P=quote))[ \t]+-m[ \t]*pip)(?=[ \t])"
)


def fits(install: Install) -> bool:
    """Tell whether a notebook installs through a shell, outside every environment."""
    return install.kind == "install" and install.place == "notebook" and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say which cell installs past the kernel, and how the line should be."""
    from venvlint.formats.notebook_cells import cell_at

    number = cell_at(source.text, install.span.start)
    where = f"in cell {number} " if number else ""
    verb = advice.installs(install)
    if install.where == "maybe":
        text = f"{install.installer} {where}installs into the kernel's Python, which may be the system's"
    else:
        text = f"{install.installer} {where}{verb} into the shell's Python, which may not be the kernel's"
        text += ": no environment is active"
    text = advice.with_reason(text, install)
    call = _replaced(install, source)
    if call is not None:
        return text, f"let the kernel install into its own environment: %pip{call[2]}"
    if install.installer in ("conda", "mamba"):
        return text, f"let the kernel install into its own environment: %{install.installer} install ..."
    return text, "let the kernel install into its own environment: %pip install ..."


def fix(install: Install, source: Source) -> Fix | None:
    """Put `%pip` in the place of `!pip`; everything else stays, byte for byte."""
    call = _replaced(install, source)
    return Fix((Edit(source.path, Span(call[0], call[1]), "%pip"),)) if call is not None else None


def _replaced(install: Install, source: Source) -> tuple[int, int, str] | None:
    """Return the stretch of the file for which `%pip` can stand, and what follows; None where there is no such."""
    from venvlint.formats.notebook_cells import load

    _, cells = load(source.text)
    for cell in cells:
        text, offsets = cell.text
        for call in _CALL.finditer(text):
            if offsets.at(call.start()) != install.span.start:
                continue
            line_start = text.rfind("\n", 0, call.start()) + 1
            escape = _ESCAPE.fullmatch(text, line_start, call.start())
            if escape is None:
                return None
            span = offsets.span(escape.start("escape"), call.end())
            rest = re.sub(r"[ \t]*\\\n[ \t]*", " ", text[call.end() :]).split("\n", 1)[0].rstrip()
            return span.start, span.end, rest if len(rest) < 100 else " install ..."
    return None
