"""How long venv-gitignored takes, as ratios: on a big working tree against git, on a small one against bare Python.

The big one has 100,000 files in 10,000 directories, three environments and a node_modules; git's measure is `git status
--porcelain --ignored`. Exits with 1 where a ratio is above its limit. Runs alternate, and the quickest of each counts.
The ratio of the processors' time, with that of git, is printed too: other work on the machine changes it less.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

try:
    import resource
except ImportError:
    resource = None  # type: ignore[assignment]

BIG_ROUNDS, SMALL_ROUNDS = 9, 60
BIG_LIMIT, SMALL_LIMIT = 1.5, 4.0
START = "from venvlint.venv_gitignored import main; raise SystemExit(main())"  # as the console script does
HOOK = (sys.executable, "-c", START, "--no-config")
STATUS = ("git", "status", "--porcelain", "--ignored")
NOTHING = (sys.executable, "-c", "pass")


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        big, small = Path(scratch, "big"), Path(scratch, "small")
        files, directories = make_big(big)
        make_small(small)
        print(f"big: {files} files in {directories} directories")
        ratios = (
            compare("big", big, STATUS, BIG_LIMIT, BIG_ROUNDS),
            compare("small", small, NOTHING, SMALL_LIMIT, SMALL_ROUNDS),
        )
    return 0 if all(ratios) else 1


def compare(name: str, place: Path, measure: Sequence[str], limit: float, rounds: int) -> bool:
    """Print a ratio; tell whether it is within its limit."""
    pairs = [(seconds(HOOK, place), seconds(measure, place)) for _ in range(rounds)]
    hook, other = min(pair[0][0] for pair in pairs), min(pair[1][0] for pair in pairs)
    work = min(pair[0][1] for pair in pairs) / (min(pair[1][1] for pair in pairs) or 1)
    told = " ".join(measure[-2:])
    print(f"{name}: hook {hook * 1000:.0f} ms, {told} {other * 1000:.0f} ms: {hook / other:.2f} times (limit {limit})")
    print(f"{name}: {work:.2f} times the processors' time")
    return hook / other <= limit


def seconds(command: Sequence[str], place: Path) -> tuple[float, float]:
    """Return what passed, and what processors worked for it (0 where that isn't told: on Windows)."""
    start, before = time.perf_counter(), worked()
    done = subprocess.run(command, cwd=place, capture_output=True)
    took, work = time.perf_counter() - start, worked() - before
    if done.returncode not in (0, 1) or b"Traceback" in done.stderr:
        raise SystemExit(done.stderr.decode())
    return took, work


def worked() -> float:
    if resource is None:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def make_big(root: Path) -> tuple[int, int]:
    endings = ("py", "js", "md", "txt", "html", "css", "json", "ts", "sh", "rs")
    fill(root / "src", 4900, 10, endings)
    fill(root / "node_modules", 3000, 10, ("js", "json"))
    for name in (".venv", "services/api/venv", "env312"):
        fill(root / name / "lib/python3.12/site-packages", 690, 10, ("py", "pyc"))
        for marker in ("pyvenv.cfg", "bin/activate", "bin/python"):
            write(root / name / marker)
    write(root / "pyproject.toml", "[project]\nname = 'big'\n")
    write(root / ".gitignore", "__pycache__/\n*.pyc\n.venv/\nvenv/\n/env312/\nnode_modules/\n")
    commit(root)
    below = [path for path in root.rglob("*") if ".git" not in path.relative_to(root).parts[:1]]
    directories = sum(path.is_dir() for path in below)
    return len(below) - directories, directories


def make_small(root: Path) -> None:
    for name in (
        "pyproject.toml",
        "app.py",
        "README.md",
        "package/__init__.py",
        ".venv/pyvenv.cfg",
        ".venv/bin/activate",
    ):
        write(root / name)
    write(root / ".gitignore", ".venv/\nvenv/\n")
    commit(root)


def fill(place: Path, directories: int, files: int, endings: Sequence[str]) -> None:
    """Make directories three deep, each of the deepest with some files."""
    for number in range(directories):
        directory = place / f"d{number // 400}" / f"s{number // 20 % 20}" / f"x{number % 20}"
        for file in range(files):
            write(directory / f"f{file}.{endings[file % len(endings)]}", f"{number} {file}\n" * 10)


def write(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def commit(root: Path) -> None:
    settings = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgSign=false")
    for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "start")):
        subprocess.run(("git", *settings, *command), cwd=root, check=True)
    subprocess.run(STATUS, cwd=root, check=True, capture_output=True)


if __name__ == "__main__":
    raise SystemExit(main())
