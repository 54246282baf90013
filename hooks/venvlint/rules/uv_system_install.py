"""An install by uv that is told to use the system's Python.

## Why

Left alone, uv installs into an environment or refuses. `--system`, `UV_SYSTEM_PYTHON`, and a `--python` that names the
system's interpreter take that safety away: what is installed is then shared by every project of the machine.

## Bad

```sh setup.sh
uv pip install --system -r requirements.txt
```

## Good

```sh setup.sh
uv venv
uv pip install -r requirements.txt
```

## Limits

uv in a container image or on a CI runner is this rule's, too, and not `image-install` or `runner-install`. Installs of
nothing but system-wide tools are let pass.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source


def fits(install: Install) -> bool:
    """Tell whether uv was told to leave environments aside."""
    return "uv-system" in install.traits and install.kind == "install" and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and how to let uv find an environment."""
    del source
    text = f"uv {advice.installs(install)} into the system's Python, which all projects share"
    return text, "make an environment with `uv venv`, and leave out what sends uv to the system"
