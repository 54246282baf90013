"""An install into conda's base environment.

## Why

Base holds conda itself. What is installed there is shared by all projects, makes every later `conda install` slower and
more likely to fail, and can break conda, which then can't repair itself. A project's packages belong into an
environment of its own, which is thrown away and made anew at will.

## Bad

```sh setup.sh
conda install -y numpy
```

```sh update.sh
mamba install -n base -y numpy
```

## Good

```sh setup.sh
conda create -y -n app python=3.12
conda install -y -n app numpy
```

```sh activated.sh
eval "$(conda shell.bash hook)"
conda create -y -n app python=3.12
conda activate app
pip install -r requirements.txt
```

## Limits

pip counts as well: where conda's own `bin` is first on PATH, or base is activated, it installs into base. Installs of
nothing but system-wide tools (`conda install -n base mamba`) are let pass.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source


def fits(install: Install) -> bool:
    """Tell whether the install lands in conda's base."""
    return "base" in install.traits and install.kind == "install" and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and how to give the project an environment of its own."""
    del source
    text = f"{install.installer} {advice.installs(install)} into conda's base environment"
    return text, f"give the project an environment: {advice.of_conda(install)}"
