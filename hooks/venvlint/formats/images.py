"""Container images whose shell doesn't start on a bare system: those that conda made, and those with an environment."""

from __future__ import annotations

import re
from typing import Literal

from venvlint.values import is_known

Start = Literal["global", "environment", "base", "unknown"]

# Patterns for an image's name without tag and digest, and what a shell in it starts in. The first that fits counts.
_IMAGES: tuple[tuple[str, Start], ...] = (
    (r"(.*/)?pangeo/.+", "environment"),  # PATH has /srv/conda/envs/notebook: pangeo-data/pangeo-docker-images
    (r"(.*/)?(continuumio|conda)/(mini|ana)conda\d?", "base"),
    (r"(.*/)?(continuumio|conda)/(mini|ana)conda\d?-.+", "base"),
    (r"(.*/)?condaforge/(miniforge|mambaforge)[\w-]*", "base"),
    (r"(.*/)?mambaorg/micromamba", "base"),
    (r"(.*/)?frolvlad/alpine-(mini|ana)conda\d?", "base"),
    (r"(.*/)?(quay\.io/)?jupyter/[\w-]+", "base"),  # jupyter/docker-stacks
    (r"(.*/)?jupyterhub/k8s-singleuser-sample", "base"),
    (r"(.*/)?(pytorch/)pytorch", "base"),  # /opt/conda/bin, up to 2.6
    (r"(.*/)?rapidsai/(base|notebooks|rapidsai[\w-]*)", "base"),
    (r"(.*/)?deeplearning-platform-release/.+", "base"),
    (r"(.*/)?kaggle-images/python|kaggle/python", "base"),
    (r"mcr\.microsoft\.com/(vscode/)?devcontainers/(mini|ana)conda", "base"),
    (r"mcr\.microsoft\.com/azureml/(openmpi|minimal|curated).*", "base"),
    (r"bioconda/.+", "base"),
)


def start_in(image: str) -> Start:
    """Return what a shell in `image` starts in; nobody knows all images, so a bare system is what isn't listed."""
    name = re.sub(r"^docker\.io/(library/)?", "", image.split("@")[0].lower())
    name = re.sub(r":[^/]*$", "", name)
    return next((start for pattern, start in _IMAGES if re.fullmatch(pattern, name)), "global")


def is_nameless(image: str) -> bool:
    """Tell whether nobody knows which image is meant: its name stands in a variable that has no default."""
    return not is_known(re.sub(r":[^/]*$", "", image.split("@")[0]).rpartition("/")[2])


# Images made from Debian or Ubuntu, whose /bin/sh is dash. Elsewhere sh is bash (Fedora's kin, SUSE, Arch), or an ash
# that knows `source`, too (Alpine); of an image that nobody knows nothing is said.
_DASH = re.compile(
    r"""(?:.*/)?(?:
        debian | ubuntu | buildpack-deps | runner-images
      | python | pypy | uv | poetry | miniconda\d? | anaconda\d? | miniforge3? | mambaforge | micromamba
      | node | ruby | golang | rust | php | perl | openjdk | eclipse-temurin | gcc | julia | r-base | r-ver
      | rocker/[\w-]+
      | postgres | mysql | mariadb | nginx | httpd | redis
      | tensorflow | pytorch | cuda | l4t-[\w-]+ | tritonserver | [\w-]+-notebook | airflow | spark | ros
    )""",
    re.VERBOSE,
)
_NOT_DASH = re.compile(r"alpine|ubi\d|centos|rocky|fedora|almalinux|rhel|amazonlinux|opensuse|busybox")
_DASH_TAG = re.compile(r"slim|buster|bullseye|bookworm|trixie|bionic|focal|jammy|noble|debian|ubuntu")


def has_dash(image: str) -> bool:
    """Tell whether /bin/sh of `image` is dash, for which `source` is no command."""
    full = image.split("@")[0].lower()
    name = re.sub(r":[^/]*$", "", full)
    if _NOT_DASH.search(full) or not is_known(full):
        return False
    return _DASH.fullmatch(name) is not None or _DASH_TAG.search(full) is not None


def is_windows(image: str) -> bool:
    """Tell whether `image` is one for Windows containers, in which RUN means cmd."""
    return bool(re.search(r"/windows(/|$)|windowsservercore|nanoserver|/windows/|dotnet/framework", image.lower()))
