"""An install under sudo, into the system's Python.

## Why

The system's Python belongs to the operating system: its own tools import from it. What pip writes there as root can
replace a module that they need, survives no upgrade of the distribution, and is the same for every project of the
machine. An active environment doesn't help: `sudo` sets PATH anew, so `pip` is the system's again.

## Bad

```sh setup.sh
python3 -m venv .venv
. .venv/bin/activate
sudo pip install -r requirements.txt
```

## Good

```sh setup.sh
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
```

An environment that root owns is an environment, too:

```sh deploy.sh
sudo python3 -m venv /opt/app
sudo /opt/app/bin/pip install app
```

## Limits

`doas`, `su -c` and their like are followed the same way. What `secure_path` and `env_keep` in /etc/sudoers say can't be
known from the script; the defaults are taken. Installs of nothing but system-wide tools are let pass.
"""

from __future__ import annotations

import re

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source

_PROGRAM = re.compile(r"(?<![\w./-])(sudo|doas|pkexec|su|runuser|gosu)(?![\w./-])")


def fits(install: Install) -> bool:
    """Tell whether the install is another user's, and lands outside an environment."""
    return "sudo" in install.traits and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and how the line should be."""
    line_start = source.line_start(source.position(install.span.start)[0])
    before = source.text[line_start : install.span.start]  # `sudo bash -c "pip ..."`: the install is what bash runs
    found = _PROGRAM.search(install.text) or _PROGRAM.search(before)
    program = found[1] if found else "sudo"
    is_conda = install.installer in ("conda", "mamba", "micromamba")
    place = "conda's base environment" if is_conda else "the system's Python"
    text = f"{install.installer} under {program} {advice.installs(install)} into {place}"
    if install.environments:
        text += ", whatever environment is active"
    return text, f"leave {program} out: {advice.of_conda(install) if is_conda else advice.mended(install, source)}"
