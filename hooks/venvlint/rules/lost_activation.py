"""An environment was activated, but in a shell that has ended.

## Why

Activation is a change of variables in one running shell. A subshell, a pipeline, `bash -c`, and likewise each RUN of an
image, each step of a CI job, and each line of a make recipe are shells of their own: what was activated there is gone
when they end. The line looks isolated, and installs globally.

## Bad

```sh setup.sh
python3 -m venv .venv
(. .venv/bin/activate && pip install --upgrade pip)
pip install -r requirements.txt
```

## Good

Calling the environment's pip needs no activation:

```sh setup.sh
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
```

Or the install stands in the shell that was activated:

```sh build.sh
python3 -m venv .venv
(
  . .venv/bin/activate
  pip install -r requirements.txt
)
```

## Limits

Said only where the script shows the activation. Where one is active on some ways through the script and lost on others,
the finding is possible, not certain. Installs of nothing but system-wide tools are let pass.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source
from venvlint.values import shown


def fits(install: Install) -> bool:
    """Tell whether an environment was activated for the install, in a shell that has ended."""
    return install.lost is not None and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say where the environment was activated and where it was lost, and how the line should be."""
    lost = install.lost
    if lost is None:
        raise AssertionError("unreachable: a lost activation that nobody lost")
    activated, _ = source.position(lost.activated.start)
    ended, _ = source.position(max(lost.ended.end - 1, lost.ended.start))
    name = shown(lost.environment)
    where = f"activated on line {activated} inside a {lost.scope} that ended "
    where += "there" if ended == activated else f"on line {ended}"
    text = f"{install.installer} {advice.installs(install)} globally: {name} was {where}"
    return text, f"call the environment's own pip: {advice.mended(install, source, lost.environment)}"
