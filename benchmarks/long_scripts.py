"""How long the analysis of a long shell script takes, for scripts of many shapes, and whether it follows all of it.

    python benchmarks/long_scripts.py [--size BYTES] [--real DIRECTORY] [SHAPE ...]

Prints processor seconds, and their ratio to a fixed loop of Python that is timed beside each, so that figures compare
between machines: 25 loops are about 2 s. Exits with 1 where a shape takes more loops than `AT_MOST`.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from venvlint.environment import follow
from venvlint.model import Script, Skipped
from venvlint.source import Offsets, Source

ROOT = Path(__file__).parents[1]
AT_MOST = 25.0
REPEATED = {
    "and": "a && ",
    "backticks": "`",
    "braces": "${",
    "case": "case $1 in a) pip install x;; b) . v/bin/activate;; esac\n",
    "dollars": "$(",
    "echo": 'echo "hello $USER world" > out.txt\n',
    "heredocs": "cat <<EOF\npip $x\nEOF\n",
    "if": 'if [ -n "$A" ]; then B=1; fi\npip install x\n',
    "install": "pip install requests\n",
    "loops": "for i in 1 2 3 4 5 6 7 8 9; do for j in 1 2 3 4 5 6; do x; done; done\n",
    "parentheses": "(",
    "pipes": "a | ",
    "quotes": "'",
    "substitutions": "x=$(foo $(bar))\n",
    "unfinished heredocs": "<<A ",
}
NUMBERED = {
    "chain": "f{n}() {{ f{m}; f{m}; }}\n",
    "environments": "python -m venv v{n}; . v{n}/bin/activate; pip install a\n",
    "files": "echo a > f{n}\nmkdir d{n}\n",
    "functions": "f{n}() {{ pip install a; }}\nf{n}\n",
    "ifs with variables": "if x{n}; then V{n}=1; fi\n",
    "variables": 'V{n}="a b $V{m}"\n',
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=1_000_000, help="bytes of each script (default: 1000000)")
    parser.add_argument("--real", type=Path, default=ROOT / "tests", help="where real scripts, or documents, are")
    parser.add_argument("shapes", nargs="*")
    options = parser.parse_args()
    gc.set_threshold(1_000_000, 20, 100)  # as the hooks have it
    slow = False
    sys.stdout.write(f"{'shape':22}{'bytes':>9}{'seconds':>9}{'loops':>7}{'found':>7}\n")
    for name, text in shapes(options.size, options.real):
        if options.shapes and name not in options.shapes:
            continue
        seconds, loops, found = measured(text)
        installs = [each for each in found if not isinstance(each, Skipped)]
        skipped = next((each.reason for each in found if isinstance(each, Skipped)), "")
        slow |= loops > AT_MOST
        row = f"{name:22}{len(text):9}{seconds:9.2f}{loops:7.1f}{len(installs):7}"
        sys.stdout.write(f"{row}{'  over the limit' if loops > AT_MOST else ''}  {skipped}\n")
        sys.stdout.flush()
    return int(slow)


def shapes(size: int, real: Path) -> Iterator[tuple[str, str]]:
    for name, text in REPEATED.items():
        yield name, repeated(text, size)
    for name, text in NUMBERED.items():
        count = size // len(text.format(n=10_000, m=10_000))
        yield name, "".join(text.format(n=n, m=n - 1) for n in range(1, count))
    yield "one command", f"pip install {repeated('abc ', size)}"
    yield "one string", f'echo "{repeated("abc $x ", size)}"'
    yield "one heredoc", "cat <<EOF\n" + repeated("pip install $x\n", size) + "EOF\n"
    yield "nested if", f"{'if a; then ' * (size // 20)}b; {'fi; ' * (size // 20)}"
    yield "doubling", "x=aaaaaaaaaa\n" + "x=$x$x\n" * 2000 + "pip install $x\n"
    yield "real", repeated("".join(scripts(real)), size)


def scripts(directory: Path) -> Iterator[str]:
    """Yield the shell scripts below a directory, or the blocks of its documents, each in a subshell: some exit."""
    for path in sorted(directory.rglob("*.sh")):
        yield f"(\n{path.read_text(encoding='utf-8', errors='replace')}\n)\n"
    for path in sorted(directory.rglob("*.md")):
        for block in path.read_text(encoding="utf-8").split("\n```")[1::2]:
            info, _, body = block.partition("\n")
            if info.split(" ")[0] in ("bash", "sh") and "<<" not in body:
                yield f"(\n{body}\n)\n"


def repeated(text: str, size: int) -> str:
    return text * max(size // max(len(text), 1), 1)


def measured(text: str) -> tuple[float, float, list[object]]:
    """Return the seconds, the number of calibrating loops that they make, and what was found."""
    source = Source("long.sh", text.encode("utf-8", "replace"))
    before = calibration()
    start = time.process_time()
    found: list[object] = [*follow(source, [Script("bash", source.text, Offsets.shifted(0))], lambda _path: None)]
    seconds = time.process_time() - start
    return seconds, seconds / ((before + calibration()) / 2), found


def calibration() -> float:
    start, total = time.process_time(), 0
    for number in range(2_000_000):
        total += number & 3
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
