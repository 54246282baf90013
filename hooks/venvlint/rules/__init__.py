"""The common rules module: every rule's name, in the order in which they are tried, by the hook that holds it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

CATALOGUE: dict[str, tuple[str, ...]] = {
    "venv-gitignored": (
        "unignored-environment",
        "missing-ignore-entry",
        "ignored-only-locally",
        "environment-in-build-context",
    ),
    "no-site-packages": (
        "committed-environment",
        "committed-site-packages",
        "committed-interpreter",
        "environment-in-history",
    ),
    "no-global-pip": (
        "sudo-install",
        "externally-managed-override",
        "uv-system-install",
        "user-install",
        "lost-activation",
        "ineffective-activation",
        "legacy-install",
        "conda-base-install",
        "isolation-disabled",
        "notebook-shell-install",
        "image-install",
        "runner-install",
        "global-install",
    ),
    "venvlint": ("unused-suppression",),  # every hook's
}

ON_REQUEST = frozenset(("environment-in-history",))  # by `venvlint history`, not by the hook


def load(name: str) -> ModuleType:
    """Return the module of the rule called `name`; its docstring is the rule's page."""
    return import_module(f"{__name__}.{name.replace('-', '_')}")
