"""An activation that changes nothing.

## Why

Activating means to change variables of the running shell. `source` is bash's word for it: a script for plain sh, and
every RUN of a Dockerfile, fails on it and goes on. A script that is executed (`./venv/bin/activate`) changes a shell
that ends with it. In a batch file, a script that isn't called with `call` never comes back. VIRTUAL_ENV alone is what
an activation leaves behind, not what pip looks at: that is PATH. What follows looks isolated, and isn't.

## Bad

```sh setup.sh
#!/bin/sh
source .venv/bin/activate
pip install -r requirements.txt
```

```sh executed.sh
#!/bin/bash
./.venv/bin/activate
pip install -r requirements.txt
```

## Good

```sh setup.sh
#!/bin/sh
. .venv/bin/activate
pip install -r requirements.txt
```

```sh direct.sh
#!/bin/sh
.venv/bin/pip install -r requirements.txt
```

## Limits

A script without a first line that names its shell is taken for bash's. An activation without an effect that an install
follows is reported once, at the install.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source
from venvlint.values import shown


def fits(install: Install) -> bool:
    """Tell whether an activation without an effect is all that the install has, or nothing but that is there."""
    return "ineffective" in install.traits and (install.kind == "activation" or advice.is_outside(install))


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say why the activation has no effect, and how to do without."""
    if install.kind == "activation":
        return f"this activation has no effect: {install.reason}", _help(install, source)
    text = f"{install.installer} {advice.installs(install)} globally: {install.reason}"
    return text, f"call the environment's own pip: {advice.mended(install, source)}"


def _help(install: Install, source: Source) -> str:
    environment = shown(install.environments[-1]) if install.environments else ".venv"
    if source.path.lower().endswith((".bat", ".cmd")):
        return rf"write `call {environment}\Scripts\activate.bat`"
    if source.path.lower().endswith((".ps1", ".psm1")):
        return rf"write `{environment}\Scripts\Activate.ps1`"
    return f"write `. {environment}/bin/activate`, or call {environment}/bin/python without activating"
