"""What the steps of a workflow that run an action change about Python for the steps after them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from venvlint.formats.images import Start
from venvlint.values import is_known


class Effect(NamedTuple):
    """What later steps start in: all of them, those in a login shell, those in PowerShell; None: what it was before."""

    start: Start | None = None
    login: Start | None = None
    powershell: Start | None = None


NOTHING = Effect()
UNKNOWN = Effect("unknown", "unknown", "unknown")
ACTIVE = Effect("environment", "environment", "environment")
_BASE = Effect("base", "base", "base")

Inputs = Mapping[str, str]


def _is_true(inputs: Inputs, name: str) -> bool | None:
    value = inputs.get(name, "")
    return None if not is_known(value) else value.strip().lower() not in ("", "false", "no", "off", "0")


def _uv(inputs: Inputs, version: str) -> Effect:
    """`activate-environment` since 6; before that, `python-version` made an environment and activated it."""
    activates = _is_true(inputs, "activate-environment")
    if activates is False and re.match(r"v?[45](\.|$)", version):
        activates = bool(inputs.get("python-version"))
    return UNKNOWN if activates is None else ACTIVE if activates else NOTHING


def _miniconda(inputs: Inputs, _version: str) -> Effect:
    """Activates `test`, or what it is told, in the profiles of login shells and PowerShell, and nowhere else."""
    name = inputs.get("activate-environment", "test")
    start: Start = "unknown" if not is_known(name) else "base" if name in ("", "base", "root") else "environment"
    return Effect(None, start, start)


def _micromamba(inputs: Inputs, _version: str) -> Effect:
    start: Start = "base" if inputs.get("environment-name") == "base" else "environment"
    return Effect(None, start, start)


def _pixi(inputs: Inputs, _version: str) -> Effect:
    activates = _is_true(inputs, "activate-environment")
    return UNKNOWN if activates is None else ACTIVE if activates else NOTHING


def _setup_conda(inputs: Inputs, _version: str) -> Effect:
    return NOTHING if inputs.get("activate-conda", "true") == "false" else _BASE


_ACTIONS: dict[str, Callable[[Inputs, str], Effect]] = {
    "astral-sh/setup-uv": _uv,
    "conda-incubator/setup-miniconda": _miniconda,
    "deadsnakes/action": lambda _inputs, _version: ACTIVE,  # makes ~/venv-X.Y and puts it on PATH
    "getsentry/action-setup-venv": lambda _inputs, _version: ACTIVE,
    "goanpeca/setup-miniconda": _miniconda,
    "mamba-org/provision-with-micromamba": _micromamba,
    "mamba-org/setup-micromamba": _micromamba,
    "prefix-dev/setup-pixi": _pixi,
    "s-weigand/setup-conda": _setup_conda,
}
# Owners whose actions leave Python alone, but for those named above.
_HARMLESS = re.compile(
    r"(actions|docker|github|codecov|pypa|pre-commit|aws-actions|google-github-actions|azure)/", re.I
)
# Names of actions that may well activate something: nobody can know them all. Conda's do it in a shell's profile.
_SUSPICIOUS = re.compile(r"venv|virtualenv|pixi|(?<!dot)env(s|ironments?)?\b", re.IGNORECASE)
_CONDA = re.compile(r"conda|mamba|(mini|micro)forge", re.IGNORECASE)


def effect(uses: str, inputs: Inputs, comment: str = "") -> Effect:
    """Return what `uses: name@version # comment` does to Python."""
    name, _, version = uses.partition("@")
    known = _ACTIONS.get("/".join(name.lower().split("/")[:2]))
    if known:
        if re.fullmatch(r"[0-9a-f]{40}", version) and (written := re.search(r"v?\d[\d.]*", comment)):
            version = written[0]
        return known(inputs, version)
    if _HARMLESS.match(name):
        return NOTHING
    if _SUSPICIOUS.search(name):
        return UNKNOWN
    if _CONDA.search(name):
        return Effect(None, "unknown", "unknown")
    return Effect(None, "unknown")  # whatever it writes into a profile, the usual shells don't see it
