"""How long a hook takes on one clean staged file, beside a bare Python and beside pre-commit-hooks.

    python benchmarks/start.py [--rounds N]

All commands take turns in one run, so that a busy machine slows all of them. Prints the fastest and the median time,
and the ratios of the fastest: other processes only ever add time. Exits with 1 where a ratio is over its limit.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PASS, PEER = "python -c pass", "detect-private-key"
AT_MOST = {PASS: 4.0, PEER: 1.5}
CLEAN = "#!/bin/sh\n" + "echo hello\n" * 100
INSTALLS = "#!/bin/sh\npython3 -m venv .venv\n. .venv/bin/activate\npip install -r requirements.txt\n"
HOOKS = ("no-global-pip", "no-site-packages", "venv-gitignored")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as directory:
        lay_out(Path(directory))
        times = measured(commands(), rounds, directory)
    return report(times)


def lay_out(root: Path) -> None:
    (root / "clean.sh").write_text(CLEAN)
    (root / "installs.sh").write_text(INSTALLS)
    (root / ".gitignore").write_text(".venv/\nvenv/\n")
    for command in (("init", "--quiet"), ("add", "--all")):
        subprocess.run(["git", *command], cwd=root, check=True)


def commands() -> dict[str, list[str]]:
    """Return what to run by the name to show. What pip has installed is started by its script, as pre-commit does."""
    found = {
        PASS: [sys.executable, "-c", "pass"],
        PEER: [*script(PEER, "pre_commit_hooks.detect_private_key"), "clean.sh"],
    }
    for hook in HOOKS:
        takes_files = hook == "no-global-pip"
        found[hook] = [*script(hook, f"venvlint.{hook.replace('-', '_')}"), *(["clean.sh"] if takes_files else [])]
    found["no-global-pip -m"] = [sys.executable, "-m", "venvlint.no_global_pip", "clean.sh"]
    found["no-global-pip, which parses"] = [*found["no-global-pip"][:-1], "installs.sh"]
    return found


def script(name: str, module: str) -> list[str]:
    path = Path(sysconfig.get_path("scripts")) / (name + (".exe" if os.name == "nt" else ""))
    return [str(path)] if path.exists() else [sys.executable, "-m", module]


def measured(given: dict[str, list[str]], rounds: int, cwd: str) -> dict[str, list[float]]:
    """Return the seconds that each command took in each round; the first round only warms up."""
    times: dict[str, list[float]] = {name: [] for name in given}
    for turn in range(rounds + 1):
        for name, command in given.items():
            took = seconds(command, cwd)
            if turn:
                times[name].append(took)
    return times


def seconds(command: Sequence[str], cwd: str) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False)
    took = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    return took


def report(times: dict[str, list[float]]) -> int:
    """Print a line for each command; return 1 where a hook over a clean file takes too long."""
    best = {name: min(found) for name, found in times.items()}
    print(f"{'':30} {'fastest':>8} {'median':>8} {'x pass':>7} {'x detect-private-key':>21}")
    for name, found in times.items():
        ratios = [best[name] / best[reference] for reference in AT_MOST]
        shown = f"{name:30} {best[name] * 1000:5.1f} ms {statistics.median(found) * 1000:5.1f} ms"
        print(f"{shown} {ratios[0]:7.2f} {ratios[1]:21.2f}")
    over = [name for name, limit in AT_MOST.items() if best["no-global-pip"] / best[name] > limit]
    over += [hook for hook in HOOKS[1:] if best[hook] / best[PASS] > AT_MOST[PASS]]
    print("over the limit: " + ", ".join(over) if over else "within the limits")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
