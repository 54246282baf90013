"""Broken input that coverage leads to. `pip install atheris`, then `python -m tests.guided_fuzz --minutes 30`."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import venvlint
from tests.fuzz import LONGEST, PATHS, examine, seeds

LONGEST_INPUT = 4_096  # bytes


def one(data: bytes) -> None:
    """Examine an input: its first byte says the file's name, the rest is its text."""
    if data:
        took = examine(PATHS[data[0] % len(PATHS)], b"pip install a\n" + data[1:])
        assert took < LONGEST, f"{took:.1f} s"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until the time is up; libFuzzer, which does the work, ends the process and writes down what failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.guided_fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    options = parser.parse_args(arguments)
    atheris = importlib.import_module("atheris")  # has no wheel for every Python
    for module in pkgutil.walk_packages(venvlint.__path__, "venvlint."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    atheris.instrument_all()
    with TemporaryDirectory() as corpus:
        for number, (path, text) in enumerate(seeds()):
            kind = PATHS.index(path) if path in PATHS else 0
            (Path(corpus) / str(number)).write_bytes(bytes([kind]) + text.encode("utf-8", "surrogatepass"))
        seconds = int(options.minutes * 60)
        libfuzzer = [f"-max_total_time={seconds}", f"-max_len={LONGEST_INPUT}", f"-timeout={int(2 * LONGEST)}", corpus]
        atheris.Setup([sys.argv[0], *libfuzzer], one)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
