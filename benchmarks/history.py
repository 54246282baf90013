"""How long `venvlint history` takes and how much memory, against git's own walk and against git filter-repo.

    python benchmarks/history.py [REPOSITORY] [--rounds N]

The measure is `git rev-list --objects --all | git cat-file --batch-check`; the audit may take 1.5 times as long,
and 1 GiB of memory, all its processes together. `git filter-repo --analyze` is run beside it where it is installed.
Without a repository, one of 50,000 commits is made, with three environments in it. Commands take turns, and the
quickest of each counts. Exits with 1 where a limit isn't kept. The repository isn't written to.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

WALK = "git rev-list --objects --all --missing=allow-any | git cat-file --batch-check > {out}"
AUDIT = f"'{sys.executable}' -m venvlint history --no-config --format json > {{out}}"
ANALYSIS = "git filter-repo --analyze --force --report-dir {out}.d > {out}"
TIMES, MEMORY = 1.5, 1 << 30


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("repository", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-analysis", action="store_true", help="leave out git filter-repo, which is slow")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory, "repository")
        if given.repository:
            borrow(given.repository.resolve(), place)
        else:
            generate(place)
        best = dict.fromkeys(("walk", "audit", "analysis"), (1000000000.0, 0))
        for _ in range(given.rounds):
            for name, command in (("walk", WALK), ("audit", AUDIT), ("analysis", ANALYSIS)):
                if name != "analysis" or (shutil.which("git-filter-repo") and not given.no_analysis):
                    best[name] = min(best[name], measured(command.format(out=Path(directory, "out")), place))
                    shutil.rmtree(Path(directory, "out.d"), ignore_errors=True)
    return report(best)


def report(best: dict[str, tuple[float, int]]) -> int:
    for name, (seconds, memory) in best.items():
        if memory:
            print(f"{seconds:7.1f} s {memory / (1 << 20):6.0f} MiB  {name}")
    seconds, memory = best["audit"]
    ratio = seconds / best["walk"][0]
    print(f"{ratio:7.2f} times the walk (limit {TIMES})")
    if best["analysis"][1]:
        print(f"{seconds / best['analysis'][0]:7.2f} times git filter-repo --analyze")
    return int(ratio > TIMES or memory > MEMORY)


def measured(command: str, place: Path) -> tuple[float, int]:
    """Return seconds, and the most bytes of memory that a command and its children had together."""
    most = 0
    start = time.perf_counter()
    process = subprocess.Popen(
        ["bash", "-o", "pipefail", "-c", command], cwd=place, start_new_session=True, stderr=subprocess.PIPE
    )
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.25):
            most = max(most, memory_of(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    error = process.communicate()[1]
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    if process.returncode not in (0, 1) or b"Traceback" in error:
        raise SystemExit(f"{command}: {error.decode()}")
    return seconds, most


def memory_of(session: int) -> int:
    """Return the memory of a session's processes; what several of them share counts once (Linux)."""
    total = 0
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            if int((directory / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                pss = next(line for line in (directory / "smaps_rollup").read_text().splitlines() if "Pss:" in line)
                total += int(pss.split()[1]) << 10
        except (OSError, StopIteration):  # it has ended
            continue
    return total


def borrow(source: Path, place: Path) -> None:
    """Make a repository with the refs and objects of another one."""
    subprocess.run(["git", "init", "--quiet", "--bare", place], check=True)
    git = source / ".git" if (source / ".git").is_dir() else source
    (place / "objects/info/alternates").write_text(f"{git / 'objects'}\n")
    shutil.copytree(git / "refs", place / "refs", dirs_exist_ok=True)
    for name in ("packed-refs", "HEAD", "shallow"):
        if (git / name).exists():
            shutil.copy(git / name, place / name)


def generate(place: Path, commits: int = 50_000) -> None:
    subprocess.run(["git", "init", "--quiet", "--bare", place], check=True)
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=place, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.writelines(imported(commits))
    subprocess.run(["git", "repack", "-adq"], cwd=place, check=True)
    os.sync()


def imported(commits: int) -> Iterator[bytes]:
    """Yield a history for git fast-import: 6,000 files in 400 directories, and an environment now and then."""
    chance = random.Random(1)
    for number in range(commits):
        yield f"commit refs/heads/main\ncommitter A <a@example.org> {1_500_000_000 + number * 60} +0000\n".encode()
        yield b"data 1\nx\n"
        changed = 6000 if number == 0 else chance.randrange(1, 6)
        for each in range(changed):
            at = each if number == 0 else chance.randrange(6000)
            text = f"line {number} {chance.random()}\n" * 20
            yield f"M 100644 inline src/part{at % 20}/sub{at % 400}/file{at}.py\ndata {len(text)}\n{text}\n".encode()
        if number in (1000, 20_000, 40_000):
            for each in range(1500):
                text = f"x = {number} {chance.random()}\n" * 30
                path = f"venv{number}/lib/python3.11/site-packages/p{each % 30}/m{each}.py"
                yield f"M 100644 inline {path}\ndata {len(text)}\n{text}\n".encode()
            yield f"M 100644 inline venv{number}/pyvenv.cfg\ndata 5\nhome\n\n".encode()
        if number in (5000, 25_000):
            yield f"D venv{1000 if number == 5000 else 20_000}\n".encode()


if __name__ == "__main__":
    raise SystemExit(main())
