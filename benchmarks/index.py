"""How long no-site-packages takes on an index of 500,000 paths, against `git ls-files -s -z` written to a file.

    python benchmarks/index.py [--paths N] [--rounds N]

The hook may take twice git's time and a bare Python's start. All take turns in one run, and the quickest of each
counts: other processes only ever add time. Exits with 1 where the limit isn't kept. An index with an environment of
20,000 files among the others is measured too, without a limit.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HOOK = (sys.executable, "-c", "from venvlint.no_site_packages import main; raise SystemExit(main())", "--no-config")
LIMIT = 2.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--paths", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        clean = repository(root / "clean", sources(given.paths))
        dirty = repository(root / "dirty", [*sources(given.paths - 20_000), *environment(20_000)])
        times: dict[str, list[float]] = {}
        for _ in range(given.rounds):
            for name, run in commands(clean, dirty, root / "listing").items():
                start = time.perf_counter()
                run()
                times.setdefault(name, []).append(time.perf_counter() - start)
    return report({name: min(found) for name, found in times.items()})


def commands(clean: Path, dirty: Path, listing: Path) -> dict[str, Callable[[], object]]:
    def listed() -> None:
        with listing.open("wb") as out:
            subprocess.run(["git", "ls-files", "-s", "-z"], cwd=clean, stdout=out, check=True)

    return {
        "git ls-files -s -z": listed,
        "python -c pass": lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        "no-site-packages": lambda: hook(clean, 0),
        "no-site-packages, which finds one": lambda: hook(dirty, 1),
    }


def hook(place: Path, expected: int) -> None:
    done = subprocess.run(HOOK, cwd=place, capture_output=True)
    if done.returncode != expected or len(done.stdout.splitlines()) != expected:
        raise SystemExit(done.stdout.decode() + done.stderr.decode())


def report(times: dict[str, float]) -> int:
    for name, seconds in times.items():
        print(f"{seconds * 1000:7.0f} ms  {name}")
    git, start = times["git ls-files -s -z"], times["python -c pass"]
    ratio = (times["no-site-packages"] - start) / git
    print(f"{ratio:7.2f} times git's, without the start of Python (limit {LIMIT})")
    return int(ratio > LIMIT)


def repository(path: Path, paths: list[str] | Iterator[str]) -> Path:
    subprocess.run(["git", "init", "--quiet", path], check=True)
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=path, input=b"x\n", capture_output=True, check=True
    )
    name = blob.stdout.decode().strip()
    entries = "".join(f"{'100755' if at % 50 == 0 else '100644'} {name} 0\t{one}\n" for at, one in enumerate(paths))
    subprocess.run(["git", "update-index", "--index-info"], cwd=path, input=entries.encode(), check=True)
    return path


def sources(count: int) -> Iterator[str]:
    endings = ("py", "ts", "cfg", "md", "sh", "json", "exe", "html")
    for number in range(count):
        ending = endings[number % len(endings)]
        yield f"services/team{number % 40:02}/packages/part{number % 2000:04}/src/python/module_{number}.{ending}"


def environment(count: int) -> Iterator[str]:
    yield from ("tools/py/pyvenv.cfg", "tools/py/bin/activate")
    for number in range(count - 2):
        yield f"tools/py/lib/python3.12/site-packages/package{number % 60}/module_{number}.py"


if __name__ == "__main__":
    raise SystemExit(main())
