"""This checkout as others get it: a git repository of its own, with what isn't committed yet."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# As it was before a test changed it: what talks to package indexes needs the machine's own settings.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "VIRTUAL_ENV", "PYTHONPATH"))
}
IDENTITY = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgSign=false")


def copy(target: Path) -> Path:
    """Copy what git would track, commit it, and return `target`."""
    names = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, map(os.fsdecode, names.split(b"\0"))):
        if os.path.lexists(ROOT / name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name, follow_symlinks=False)
    for command in (["init", "--quiet"], ["add", "--all"], [*IDENTITY, "commit", "--quiet", "--message=All"]):
        subprocess.run(["git", *command], cwd=target, env=ENVIRONMENT, check=True)
    return target
