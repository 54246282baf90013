"""An install by easy_install or by running setup.py.

## Why

Both are the ways of before pip, and setuptools has given them up: they build whatever they find, know no wheels, leave
files behind that no tool can uninstall, and easy_install even changes the import path of everything else in the same
site-packages. Outside an environment that is everybody's.

## Bad

```sh setup.sh
python setup.py install
```

```sh tools.sh
easy_install requests
```

## Good

```sh setup.sh
python3 -m venv .venv
.venv/bin/pip install .
```

## Limits

Inside an environment nothing is said. `setup.py build`, `sdist` and their like install nothing. An install by
`setup.py --user` is `user-install`'s.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source


def fits(install: Install) -> bool:
    """Tell whether the install goes past pip, and lands outside an environment."""
    return "legacy" in install.traits and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and what pip makes of it."""
    text = f"{install.installer} {advice.installs(install)} globally, in a way that nothing can uninstall"
    what = "." if install.installer == "setup.py" else " ".join(install.packages) or "..."
    if install.environments:
        return (
            text,
            f"install with the environment's pip: {advice.pip(install.environments[-1], source)} install {what}",
        )
    return text, f"install into an environment: python3 -m venv .venv && {advice.pip('.venv', source)} install {what}"
