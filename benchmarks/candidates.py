"""How long no-global-pip takes on a repository of 50,000 files of which 3 % are candidates, against one `git grep`.

    python benchmarks/candidates.py [--files N] [--share PERCENT] [--rounds N] [--keep DIRECTORY]

The hook looks through the whole repository by itself and may take three times as long as git takes to list the files
with a word of installers in them, and 200 MiB. Both take turns in one run, and the quickest of each counts: other
processes only ever add time. Candidates are of all kinds, most with nothing to find, as in a repository that people
keep clean. Exits with 1 where a limit isn't kept.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HOOK = (sys.executable, "-c", "from venvlint.no_global_pip import main; raise SystemExit(main())", "--no-config")
GREP = ("git", "grep", "-lzE", r"pip|conda|mamba|easy_install|setup\.py")
AT_MOST, AT_MOST_MIB = 3.0, 200
PLAIN = "".join(f"    total += value_{number} * (offset - {number})  # keep the order\n" for number in range(60))
# What names an installer or a pipe, in about the shares that public repositories show.
CANDIDATES = (
    (
        "py",
        '"""Read a pipeline."""\n\ndef pipeline(offset: int) -> int:\n    total = 0\n{plain}    return total\n',
        8,
    ),
    ("md", "# Use\n\nInstall it:\n\n    pip install example\n\n{plain}", 3),
    ("txt", "pip\nsetuptools\n{plain}", 2),
    ("json", '{{"scripts": {{"pipe": "pipe | cat"}}, "text": ""}}\n', 2),
    ("ts", "// a pipe of values\nexport const pipe = (offset: number) => {{\n{plain}}};\n", 2),
    ("sh", "#!/bin/sh\nset -eu\npython3 -m venv .venv\n. .venv/bin/activate\npip install -r requirements.txt\n", 1),
    ("yml", "kind: pipeline\nname: conda\nsteps:\n  - name: one\n    script: pip --version\n", 1),
    ("toml", '[project]\nname = "a"\ndependencies = ["pip"]\n', 1),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--share", type=float, default=3.0, help="percent of the files that are candidates")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--keep", metavar="DIRECTORY", help="make the repository here, or use what is here")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(given.keep or directory)
        if not (root / ".git").exists():
            repository(root, given.files, given.share / 100)
        times: dict[str, list[float]] = {}
        for _ in range(given.rounds):
            for name, run in commands(root).items():
                start = time.perf_counter()
                run()
                times.setdefault(name, []).append(time.perf_counter() - start)
    return report({name: min(found) for name, found in times.items()})


def commands(root: Path) -> dict[str, Callable[[], object]]:
    return {
        "git grep": lambda: subprocess.run(GREP, cwd=root, stdout=subprocess.DEVNULL, check=True),
        "no-global-pip": lambda: subprocess.run(HOOK, cwd=root, capture_output=True, check=True),
    }


def report(times: dict[str, float]) -> int:
    for name, seconds in times.items():
        print(f"{seconds * 1000:7.0f} ms  {name}")
    ratio = times["no-global-pip"] / times["git grep"]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # KiB on Linux; git's, if that is more
    print(f"{ratio:7.2f} times git grep's (limit {AT_MOST})")
    print(f"{peak:7.0f} MiB at most (limit {AT_MOST_MIB})")
    return int(ratio > AT_MOST or peak > AT_MOST_MIB)


def repository(root: Path, count: int, share: float) -> None:
    subprocess.run(["git", "init", "--quiet", root], check=True)
    for path, text in files(count, share):
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    subprocess.run(["git", "add", "--all"], cwd=root, check=True)


def files(count: int, share: float) -> Iterator[tuple[str, str]]:
    endings = ("py", "ts", "cfg", "md", "sh", "json", "yml", "html")
    kinds = [kind for *kind, weight in CANDIDATES for _ in range(weight)]
    every = round(1 / share)
    for number in range(count):
        ending, text = endings[number % len(endings)], PLAIN
        if number % every == 0:
            ending, text = (str(part) for part in kinds[number // every % len(kinds)])
            text = text.format(plain=PLAIN)
        yield f"services/team{number % 40:02}/part{number % 1000:04}/module_{number}.{ending}", text


if __name__ == "__main__":
    raise SystemExit(main())
