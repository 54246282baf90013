"""An install with --user, which all projects of a user share.

## Why

`--user` writes to one directory under the user's home (`~/.local` on Linux). No project has it for itself: two that
need different versions of a package break each other, and every Python program of this user, the system's tools among
them, imports from there before it imports from the system.

## Bad

```sh setup.sh
pip install --user -r requirements.txt
```

## Good

```sh setup.sh
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
```

A tool to be used from everywhere gets an environment of its own:

```sh tools.sh
pip install --user pipx
pipx install httpie
```

## Limits

In an active environment pip refuses `--user`, so nothing is installed and nothing is said. A bare `pip install` that
falls back to the user's directory because the system's isn't writable is `global-install`. Installs of nothing but
system-wide tools are let pass.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source


def fits(install: Install) -> bool:
    """Tell whether the install goes to the user's own site-packages."""
    return "user" in install.traits and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and how the line should be."""
    if install.kind == "setting":
        text = "sends every later install to the user's site-packages, which all projects share"
        return text, f"remove this, and {advice.into_environment(install, source)}"
    text = f"{install.installer} {advice.installs(install)} into the user's site-packages, which all projects share"
    return text, advice.into_environment(install, source)
