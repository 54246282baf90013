"""`python -m tests.oracle`: the long run over random scripts."""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "hooks"))  # the checkout's own venvlint

from tests.oracle.mutate import MUTATIONS
from tests.oracle.programs import script
from tests.oracle.work import Result, check, shown

_SHARE = 25  # scripts that a worker takes at a time


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print every disagreement and the figures; return 1 where there was a disagreement."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many scripts (default: 1000)")
    parser.add_argument(
        "--seed", type=int, help="where the seeds start; two runs with the same seed are the same (default: random)"
    )
    parser.add_argument("--shell", choices=("bash", "sh"), help="only scripts of this shell")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one per core)")
    parser.add_argument("--mutate", choices=sorted(MUTATIONS), help="break the analysis in this way: the run must fail")
    parser.add_argument("--no-shorten", action="store_true", help="print failing scripts as they are")
    parser.add_argument("--show", type=int, metavar="SEED", help="print the script of this seed and stop")
    parser.add_argument("--most", type=int, default=50, help="stop after so many failing scripts (default: 50)")
    options = parser.parse_args(arguments)
    if options.show is not None:
        _say(script(options.show, options.shell).written().rstrip("\n"))
        return 0
    first = options.seed if options.seed is not None else random.randrange(10**9)
    _say(f"seeds {first} to {first + options.count - 1}")
    began, total = time.monotonic(), Result()
    work = partial(_share, shell=options.shell, mutation=options.mutate, shortens=not options.no_shorten)
    with ProcessPoolExecutor(options.jobs) as pool:
        for result in pool.map(work, _shares(first, options.count)):
            for failure in result.failures:
                _say("\n".join(shown(failure)))
            for failure in result.unsettled:
                _say("\n".join(("unsettled:", *shown(failure))))
            total.add(result)
            if len(total.failures) >= options.most:
                _say(f"stopped after {len(total.failures)} failing scripts")
                pool.shutdown(cancel_futures=True)
                break
    _say(_figures(total, time.monotonic() - began))
    return 1 if total.failures else 0


def _shares(first: int, count: int) -> Iterator[range]:
    for start in range(first, first + count, _SHARE):
        yield range(start, min(start + _SHARE, first + count))


def _share(seeds: range, shell: str | None, mutation: str | None, shortens: bool) -> Result:
    if mutation:
        MUTATIONS[mutation]()
    return check((script(seed, shell) for seed in seeds), shortens=shortens)


def _figures(total: Result, seconds: float) -> str:
    landings = ", ".join(f"{count} {name}" for name, count in sorted(total.landings.items()))
    weak = ", ".join(f"{count} {name}" for name, count in sorted(total.weak.items())) or "none"
    return "\n".join(
        [
            f"{total.scripts} scripts, {total.runs} runs, {seconds:.0f} s; {total.unusable} without a usable run",
            f"installs: {landings}",
            f"weaker differences: {weak}",
            f"disagreements: {len(total.failures)} scripts; not seen in every outcome: {len(total.unsettled)}",
        ]
    )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
