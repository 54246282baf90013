"""An install into the Python of a container image.

## Why

An image is one project's, so its Python seems to be the project's as well. But the Python of a base image belongs to
the distribution or to the image's maker: their programs use it, their packages stand beside yours, and upgrading yours
can break theirs. PEP 668 makes newer base images refuse such an install. An environment in the image costs one line,
can be copied from a build stage into a slim one as a whole, and holds what the project asked for and nothing else.

Whether an image needs an environment is a matter of taste: `ignore = ["image-install"]` in the settings says that it
doesn't.

## Bad

```dockerfile Dockerfile
FROM python:3.13-slim
COPY requirements.txt .
RUN pip install -r requirements.txt
```

## Good

`ENV PATH` holds for all instructions below and for the containers:

```dockerfile Dockerfile
FROM python:3.13-slim
RUN python3 -m venv /opt/venv
ENV PATH="/opt/venv/bin:$PATH"
COPY requirements.txt .
RUN pip install -r requirements.txt
```

Or the environment comes from another stage:

```dockerfile Dockerfile.slim
FROM python:3.13 AS build
RUN python3 -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install -r requirements.txt

FROM python:3.13-slim
COPY --from=build /opt/venv /opt/venv
ENV PATH="/opt/venv/bin:$PATH"
CMD ["python", "-m", "app"]
```

## Limits

What a base image brings along isn't looked up: it counts as a bare system, unless it is known to start in an
environment. Of a container whose image can't be told (a variable, a Helm value, a Dockerfile that isn't there) nothing
is said. Installs of nothing but system-wide tools are let pass.
"""

from __future__ import annotations

from venvlint.model import Install
from venvlint.rules import advice
from venvlint.source import Source


def fits(install: Install) -> bool:
    """Tell whether the install is part of a container image, and lands outside every environment."""
    return install.kind == "install" and install.place == "image" and advice.is_outside(install)


def message(install: Install, source: Source) -> tuple[str, str]:
    """Say what is wrong, and how the line should be."""
    return advice.inactive(install, "into the image's Python"), advice.into_environment(install, source)
