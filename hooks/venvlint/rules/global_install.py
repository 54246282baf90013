"""An install where no environment is active.

## Why

Without an environment `pip` is that of the system, or of the one Python that all projects of this machine share. Two
projects that need different versions of a package can't both work there, nobody can say which project wanted what,
and the next machine looks different.

## Bad

```sh setup.sh
python3 -m venv .venv
pip install -r requirements.txt
```

## Good

```sh setup.sh
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
```

```sh activated.sh
set -e
python3 -m venv .venv
. .venv/bin/activate
pip install -r requirements.txt
```

Tools that make or manage environments are needed before there is one:

```sh bootstrap.sh
pip install --upgrade pip virtualenv
```

## Limits

A script that expects its caller to have activated an environment can say so, with a guard that venvlint understands:
`: "${VIRTUAL_ENV:?activate an environment first}"`. What can't be known from the repository, such as a variable that
nobody sets or a sourced file that isn't there, is never reported.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source


def fits(install: Install) -> bool:
    """Tell whether the install lands outside every environment, in whatever way."""
    return install.kind == "install" and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and how the line should be."""
    text = advice.inactive(install, "globally")
    if install.where == "maybe":
        whichever = f"{install.installer} installs into whichever Python runs this, which may be the system's"
        text = advice.with_reason(whichever, install)
    return text, advice.into_environment(install, source)
