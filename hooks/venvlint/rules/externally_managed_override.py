"""The system's refusal to be installed into is overridden.

## Why

Distributions mark their Python as theirs ([PEP 668](https://peps.python.org/pep-0668/)): pip refuses to install there,
because it would overwrite files of the system's own packages. `--break-system-packages` says by its name what it does.
So do its variable, its setting in pip's configuration, and removing the marker file, and those three last: every later
install, of any project, goes through as well.

## Bad

```sh setup.sh
pip install --break-system-packages requests
```

```sh image.sh
rm /usr/lib/python3.12/EXTERNALLY-MANAGED
```

## Good

```sh setup.sh
python3 -m venv .venv
.venv/bin/pip install requests
```

## Limits

Inside an environment the flag changes nothing, and nothing is said of it. `--target`, `--prefix`, `--root` and
`--dry-run` pass by pip's refusal by themselves. Installs of nothing but system-wide tools are let pass.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source


def fits(install: Install) -> bool:
    """Tell whether this overrides PEP 668, for one install or from here on."""
    return "override" in install.traits and (install.kind == "setting" or advice.is_outside(install))


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and how the line should be."""
    if install.kind == "setting":
        text = install.reason or "lets every later install break the system's own packages"
        return text, f"remove this, and {advice.into_environment(install, source)}"
    text = f"{install.installer} {advice.installs(install)} over the packages that the system manages"
    return text, advice.into_environment(install, source)
