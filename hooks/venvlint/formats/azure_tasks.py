"""The steps of Azure Pipelines that hold a script or change what a later one starts in."""

from __future__ import annotations

from venvlint.formats.images import Start
from venvlint.formats.yaml_text import Node, at, entries, text
from venvlint.model import Shell

# Keys of a step that are its script; None: cmd on Windows, bash elsewhere.
_KEYS: dict[str, Shell | None] = {"bash": "bash", "powershell": "pwsh", "pwsh": "pwsh", "script": None}
# Tasks with an input that is a script: the input, the shell, and whether only where `targetType` is `inline`.
_TASKS: dict[str, tuple[str, Shell | None, bool]] = {
    "azurecli": ("inlineScript", None, False),
    "azurepowershell": ("Inline", "pwsh", False),
    "bash": ("script", "bash", True),
    "cmdline": ("script", None, False),
    "powershell": ("script", "pwsh", True),
}
_TYPES: dict[str, Shell] = {"bash": "bash", "batch": "cmd", "ps": "pwsh", "pscore": "pwsh"}


def step_script(step: Node, is_windows: bool) -> tuple[Shell, Node] | None:
    """Return the shell and the script of a step, None where it has none."""
    usual: Shell = "cmd" if is_windows else "bash"
    keys = entries(step)
    for key, shell in _KEYS.items():
        if key in keys and keys[key].kind == "scalar":
            return shell or usual, keys[key]
    known = _TASKS.get(_task(step))
    inputs = entries(keys.get("inputs"))
    if known is None:
        return None
    name, shell, needs_inline = known
    script = next((value for key, value in inputs.items() if key.lower() == name.lower()), None)
    if script is None or script.kind != "scalar":
        return None
    if needs_inline and text(inputs.get("targetType")).lower() != "inline":
        return None
    return _TYPES.get(text(inputs.get("scriptType")).lower()) or shell or usual, script


def effect(step: Node) -> Start | None:
    """Return what the steps after a task start in, None where it changes nothing."""
    if _task(step) != "condaenvironment":
        return None
    is_custom = text(at(step, "inputs", "createCustomEnvironment")).lower() == "true"
    return "environment" if is_custom else "base"


def _task(step: Node) -> str:
    return text(at(step, "task")).partition("@")[0].rpartition(".")[2].lower()
