"""Container images whose shell doesn't start on a bare system: those that conda made, and those with an environment."""

from __future__ import annotations

import re
from typing import Literal

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


def is_windows(image: str) -> bool:
    """Tell whether `image` is one for Windows containers, in which RUN means cmd."""
    return bool(re.search(r"/windows(/|$)|windowsservercore|nanoserver|/windows/|dotnet/framework", image.lower()))
