"""An install into the Python that a CI runner comes with.

## Why

The Python of a runner, also the one that `actions/setup-python` puts on PATH, isn't the project's: it has packages of
its own, which the build then depends on without saying so, and a self-hosted runner keeps what one job installed for
the next. A job that makes the environment that developers have tests what developers run, and can cache it.

Whether a runner that is thrown away needs an environment is a matter of taste: `ignore = ["runner-install"]` in the
settings says that it doesn't.

## Bad

```yaml .github/workflows/test.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-python@v6
      - run: pip install -r requirements.txt
```

## Good

```yaml .github/workflows/test.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-python@v6
      - run: |
          python -m venv .venv
          .venv/bin/pip install -r requirements.txt
```

For all later steps at once, with `uv`:

```yaml .github/workflows/uv.yml
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: astral-sh/setup-uv@v7
        with:
          activate-environment: true
      - run: uv pip install -r requirements.txt
```

## Limits

What a remote template, orb, or action does to PATH can't be known; where its name says that it may activate an
environment, nothing is reported after it. Installs of nothing but system-wide tools are let pass.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source


def fits(install: Install) -> bool:
    """Tell whether the install runs on a CI runner, and lands outside every environment."""
    return install.kind == "install" and install.place == "runner" and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and how the line should be."""
    return advice.inactive(install, "into the runner's Python"), advice.into_environment(install, source)
