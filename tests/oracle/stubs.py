"""The scratch system that scripts run on: stub installers that log where they would install, and little else."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.oracle.stub_texts import ACTIVATE, BASH, STUB
from tests.oracle.stub_tools import CONDA_ACTIVATE, CONDA_FUNCTION, TOOLS

# Real programs that scripts may use, linked into the scratch system.
PROGRAMS = (
    *("basename", "cp", "cut", "dirname", "false", "head", "mktemp", "mv", "nice", "nohup", "printf", "readlink"),
    *("realpath", "rm", "sed", "seq", "setsid", "sleep", "sort", "stdbuf", "tail", "test", "timeout", "touch"),
    *("awk", "chmod", "date", "find", "flock", "id", "ionice", "ln", "rmdir", "tr", "true", "uname", "wc", "xargs"),
)
# Those whose status a script may look at, so they fail at times, after having done their work.
FALLIBLE = ("cat", "grep", "ls", "mkdir", "tee")
INTERPRETERS = ("easy_install", "pip", "pip3", "pip3.12", "python", "python3", "python3.12")
STUBS = (
    *(*INTERPRETERS, "coin", "doas", "draw", "env", "gosu", "number", "runuser", "su", "su-exec", "sudo", "time"),
    *("apt-get", "curl", "git", "make", "npm", "virtualenv", "which", *TOOLS),
    *(f"step{number}" for number in range(100)),  # the generator's functions, where they aren't defined
)
SUBDIRECTORIES = ("sub", "sub/deep")
# Environments that always stand ready; those in the working directory are named without it, others below the root.
ENVIRONMENTS = (".venv", "venv", "env", "build/venv")
SUB_ENVIRONMENT = "subvenv"
# Directories that scripts put on PATH without any Python in them.
PLAIN_ENTRIES = ("home/bin", "home/.local/bin", "home/.cargo/bin", "home/.pyenv/bin", "usr/local/go/bin", "usr/sbin")
CONDA_BASE = "home/miniconda3"
OTHER_ENVIRONMENTS = ("opt/venv", "home/.venvs/app", f"{CONDA_BASE}/envs/app", f"work/sub/{SUB_ENVIRONMENT}")


def build(root: Path) -> None:
    """Make the scratch system in the empty directory `root`."""
    binaries = root / "usr/bin"
    for directory in (*PLAIN_ENTRIES, "usr/local/bin", "usr/bin", "bin", "template/bin", "work"):
        (root / directory).mkdir(parents=True)
    stub = root / "stub"
    for path, text in ((stub, STUB), (binaries / "bash", BASH)):
        text = text.replace("@ROOT@", str(root))
        for name in ("dash", "bash", "env"):
            text = text.replace(f"@{name.upper()}@", tool(name))
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
    for name in STUBS:
        (binaries / name).symlink_to(stub)
    for name in PROGRAMS:
        (binaries / name).symlink_to(tool(name))
    (root / "real").mkdir()
    for name in FALLIBLE:
        (root / "real" / name).symlink_to(tool(name))
        (binaries / name).symlink_to(stub)
    (binaries / "sh").symlink_to(tool("dash"))
    (binaries / "dash").symlink_to(tool("dash"))
    for shell in ("sh", "bash"):
        (root / "bin" / shell).symlink_to(binaries / shell)
    (root / "activate").write_text(ACTIVATE, encoding="utf-8")
    (root / "template/pyvenv.cfg").touch()
    for name in INTERPRETERS:
        (root / "template/bin" / name).symlink_to(stub)
    for name in (*(f"work/{name}" for name in ENVIRONMENTS), *OTHER_ENVIRONMENTS):
        environment(root, name)
    for name in ("", *SUBDIRECTORIES):
        (root / "work" / name).mkdir(exist_ok=True)
        (root / "work" / name / "requirements.txt").write_text("requests\n", encoding="utf-8")
    _tools(root)


def _tools(root: Path) -> None:
    """Put down what the less frequent stubs read, and conda's base with its set-up."""
    (root / "tools").mkdir()
    for name, text in TOOLS.items():
        (root / "tools" / name).write_text(text, encoding="utf-8")
    base = root / CONDA_BASE
    for directory in ("bin", "etc/profile.d"):
        (base / directory).mkdir(parents=True)
    for name in (*INTERPRETERS, "conda"):
        (base / "bin" / name).symlink_to(root / "stub")
    (base / "etc/profile.d/conda.sh").write_text(CONDA_FUNCTION.replace("@ROOT@", str(root)), encoding="utf-8")
    for place in (base / "bin/activate", root / "usr/bin/activate"):
        place.write_text(CONDA_ACTIVATE.replace("@ROOT@", str(root)), encoding="utf-8")


def environment(root: Path, name: str) -> None:
    """Make an environment at `name` below the scratch system's root, as the stub of `python -m venv` does."""
    directory = root / name
    directory.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(root / "template", directory, symlinks=True)
    activate = directory / "bin/activate"
    activate.write_text(f"_oracle_environment={directory}{ACTIVATE}", encoding="utf-8")


def tool(name: str) -> str:
    """Return the path of a real program."""
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"the oracle needs {name} on PATH")
    return found
