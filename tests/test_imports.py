"""Imports flow one way; git is run and text is printed in one place each; a hook's start loads next to nothing."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import venvlint

PACKAGE = Path(venvlint.__file__).parent
# Lowest first. A module imports what stands below it, and what belongs to its own package.
STAGES = (
    ("values", "rules"),  # rules: the catalogue, which is names only; the rules themselves stand further up
    ("model",),
    ("source",),
    ("repo", "environments", "settings"),
    ("formats",),
    ("shells",),
    ("installs", "targets"),
    ("environment", "ignores", "tracked", "commits"),
    ("history",),
    ("rules.*",),
    ("suppress", "fixes"),
    ("reports",),
    ("baseline",),
    ("checks", "arguments"),
    ("options",),
    ("run",),
    ("outcome",),
    ("runner",),
    ("audit",),
    ("cli", "no_global_pip", "no_site_packages", "venv_gitignored"),
    ("__main__",),
)
STAGE = {name: number for number, names in enumerate(STAGES) for name in names}
# What a bare argparse script doesn't load, and what costs more than a millisecond.
HEAVY = {"dataclasses", "inspect", "json", "logging", "pathlib", "pathspec", "rich", "subprocess", "tomllib", "yaml"}
HEAVY |= {"importlib.metadata", "tempfile", "tree_sitter", "tree_sitter_bash"}
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.parent != PACKAGE or path.stem != "__init__"
}


def nodes(path: Path) -> Iterator[ast.AST]:
    """Yield what runs: imports for the type checker don't."""
    pending: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            pending.extend(node.orelse)
        else:
            pending.extend(ast.iter_child_nodes(node))


def imported(path: Path) -> Iterator[str]:
    """Yield the full names that a file imports, at its top or inside a function."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules_of(names: Iterable[str]) -> set[str]:
    """Return which of the package's modules these names belong to."""
    own = (name.removeprefix("venvlint.") for name in names if name.startswith("venvlint."))
    return {module for name in own for module in (name, name.rpartition(".")[0]) if module in MODULES}


def stage(module: str) -> int:
    """Return how far up a module stands; one that stands nowhere yet wants a place in the table."""
    return STAGE[module] if module in STAGE else STAGE.get(f"{package(module)}.*", STAGE.get(package(module), -1))


def package(module: str) -> str:
    return module.partition(".")[0]


@pytest.mark.parametrize("module", MODULES)
def test_imports_flow_one_way(module: str) -> None:
    assert stage(module) >= 0, f"{module} has no place in STAGES"
    uses = {name for name in modules_of(imported(MODULES[module])) if package(name) != package(module)}
    assert {name for name in uses if stage(name) >= stage(module)} == set()


@pytest.mark.parametrize("module", MODULES)
def test_only_repo_runs_processes(module: str) -> None:
    names = set(imported(MODULES[module]))
    calls = {ast.unparse(node) for node in nodes(MODULES[module]) if isinstance(node, ast.Attribute)}
    runs = {name for name in names | calls if name.split(".")[0] in ("subprocess", "multiprocessing", "pty")}
    runs |= {
        name for name in calls if name.startswith(("os.system", "os.popen", "os.spawn", "os.exec", "os.posix_spawn"))
    }
    assert not runs or package(module) == "repo"


@pytest.mark.parametrize("module", MODULES)
def test_only_runner_and_reports_print(module: str) -> None:
    prints = {
        ast.unparse(node)
        for node in nodes(MODULES[module])
        if (isinstance(node, ast.Name) and node.id in ("print", "input"))
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout", "sys.stderr", "os.write"))
    }
    assert not prints or package(module) in ("runner", "reports")


def loaded(code: str, cwd: Path | None = None) -> set[str]:
    """Return the names of the modules that a new Python has loaded when `code` has run."""
    script = f"import sys\n{code}\nprint(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=cwd)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("module", [name for names in STAGES[-2:-1] for name in names])
def test_start_is_light(module: str) -> None:
    assert not (loaded(f"import venvlint.{module}") - loaded("import argparse, os, re")) & HEAVY


def test_clean_file_is_light(repository: Path) -> None:
    (repository / "clean.py").write_text("print('nothing to see')\n")
    code = "from venvlint.no_global_pip import main\nassert main(['clean.py']) == 0"
    assert not loaded(code, repository) & {"tree_sitter", "tree_sitter_bash", "yaml", "rich", "pathspec"}


def test_script_spares_other_shells(repository: Path) -> None:
    (repository / "setup.sh").write_text("pip install a\n")
    code = "from venvlint.no_global_pip import main\nassert main(['setup.sh']) == 1"
    others = {
        f"venvlint.{part}.{shell}"
        for part in ("environment", "shells")
        for shell in ("batch", "csh", "fish", "powershell")
    }
    assert not loaded(code, repository) & others


@pytest.mark.parametrize("hook", ["no_site_packages", "venv_gitignored"])
def test_clean_repository_is_light(hook: str, repository: Path) -> None:
    (repository / ".gitignore").write_text(".venv/\nvenv/\n")
    (repository / "setup.py").touch()
    subprocess.run(["git", "add", "."], check=True)
    code = f"from venvlint.{hook} import main\nassert main([]) == 0"
    spared = {"argparse", "subprocess"} if hasattr(os, "memfd_create") else set()
    assert not loaded(code, repository) & (spared | HEAVY - {"subprocess"})
