"""A tool that makes environments by itself is told not to.

## Why

poetry, pipenv, pdm and uv keep each project in an environment of its own without being asked. With that switched off
(`poetry config virtualenvs.create false`, `pipenv install --system`, their variables) they write a whole locked set of
packages over whatever the interpreter at hand has, which is mostly the system's.

## Bad

```sh setup.sh
poetry config virtualenvs.create false
```

```sh deploy.sh
pipenv install --system --deploy
```

## Good

```sh setup.sh
poetry config virtualenvs.in-project true
poetry install
```

## Limits

Where an environment is active the tools install into it even so, and nothing is said of the install. A setting lasts:
it is reported by itself where no install of the same file shows what it does.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source


def fits(install: Install) -> bool:
    """Tell whether a tool's own isolation is switched off, for one install or from here on."""
    return "unisolated" in install.traits and (install.kind == "setting" or advice.is_outside(install))


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and what to leave out."""
    del source
    tool = install.installer
    if install.kind == "setting":
        return f"{tool} is told not to make environments", "leave this out: the environment costs nothing"
    text = f"{tool} {advice.installs(install)} globally: its own isolation is switched off"
    return text, f"let {tool} make its environment: leave out the option, variable, or setting that keeps it from it"
