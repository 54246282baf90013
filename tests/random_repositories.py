"""Makes repositories at random in which environments, ignore files and odd names meet."""

from __future__ import annotations

import os
import random
import subprocess
from dataclasses import dataclass, field

# Names are bytes in disguise here: a Path would have to be turned back all the time.
# ruff: noqa: PTH100, PTH103, PTH110, PTH118, PTH120, PTH123, PTH211


NAMES = (
    "a",
    "sub",
    "my dir",
    "ü",
    "x[1]",
    ".venv",
    "venv",
    "env",
    "build",
    "#h",
    "!n",
    "A",
    ".VENV",
    "back\\slash",
    " s",
)
ODD_NAMES = (os.fsdecode(b"\xff"), "line\nend", "tab\t", "trail ", "quote\"'", "*", "?")
FILES = ("f.txt", "m.py", "notes", "pyvenv.txt", "x.cfg")
LINES = (
    ".venv", ".venv/", "/.venv", "/.venv/", ".venv/*", ".venv/**", "**/.venv/", "*/.venv/*", "!.venv/",
    "!.venv", "./.venv/", ".venv/ # comment", "# .venv", " .venv/", ".venv/ ", ".venv/\t", ".venv\\", ".VENV/",
    "[[:alpha:]]env", "?env", "venv", "venv/", "/venv/", "!venv/", "env/", "env", "/sub/env", "sub/", "sub",
    "!sub/", "build/", "/build/*", "!build/env", "*", "!*", "*/", "!*/", "*.cfg", "!pyvenv.cfg", "bin/", "lib",
    "!lib", "a", "!a/", "a/**/env", "**", "conda-meta/", "*.py", "\\#h", "\\!n", "my dir/", "x[1]", "x\\[1\\]",
    "ü/", "tools-*", "!.venv/pyvenv.cfg", "!.venv/bin/", "", "history", "activate",
)  # fmt: skip


@dataclass
class Made:
    """What was made: the environments by path, and the symlinks among them."""

    environments: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)


class Maker:
    """Makes one repository in the current directory, which is one already."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made = Made()
        self.directories = [""]

    def make(self) -> Made:
        pick = self.random
        for _ in range(pick.randint(1, 5)):
            self._directory()
        for _ in range(pick.randint(1, 4)):
            self._environment()
        for _ in range(pick.randint(0, 2)):
            self._link()
        for directory in pick.sample(self.directories, min(len(self.directories), pick.randint(1, 3))):
            if pick.random() < 0.8:
                self._ignore_file(directory)
        self._own_settings()
        self._track()
        return self.made

    def _name(self) -> str:
        return self.random.choice(ODD_NAMES if self.random.random() < 0.15 else NAMES)

    def _directory(self) -> None:
        path = _join(self.random.choice(self.directories), self._name())
        if not os.path.lexists(path):
            os.makedirs(path)
            self.directories.append(path)
            for name in self.random.sample(FILES, self.random.randint(0, 2)):
                _write(_join(path, name))

    def _environment(self) -> None:
        parents = (
            [*self.directories, *sorted(self.made.environments)] if self.random.random() < 0.1 else self.directories
        )
        path = _join(self.random.choice(parents), self._name())
        if os.path.lexists(path):
            return
        self._fill(path)
        self.made.environments.add(path)
        if self.random.random() < 0.3:
            self._ignore_file(
                path, self.random.choice((["*"], ["*"], ["*", "!pyvenv.cfg"], ["*", "!.gitignore"], ["!*"], ["bin"]))
            )

    def _fill(self, path: str) -> None:
        layouts = (
            ("pyvenv.cfg", "bin/activate", "lib/python3/site-packages/m.py"),
            ("pyvenv.cfg", "Scripts/activate.bat"),
            ("conda-meta/history", "bin/python"),
            ("bin/activate", "bin/activate_this.py"),
        )
        for name in self.random.choice(layouts):
            _write(_join(path, name))

    def _link(self) -> None:
        path = _join(self.random.choice(self.directories), self._name())
        if os.path.lexists(path):
            return
        if self.made.environments and self.random.random() < 0.5:
            target = os.path.abspath(self.random.choice(sorted(self.made.environments)))
        else:
            target = os.path.abspath(f"../outside-{len(self.made.links)}")
            if not os.path.exists(target):
                self._fill(target)
        os.symlink(target, path)
        self.made.environments.add(path)
        self.made.links.add(path)

    def _ignore_file(self, directory: str, lines: list[str] | None = None) -> None:
        pick = self.random
        lines = lines or pick.choices(LINES, k=pick.randint(1, 6))
        end = pick.choice(("\n", "\n", "\n", "\r\n"))
        text = end.join(lines) + pick.choice((end, end, ""))
        mark = pick.choice((b"", b"", b"", b"\xef\xbb\xbf"))
        data = text.encode("utf-16") if pick.random() < 0.03 else mark + text.encode()
        with open(_join(directory, ".gitignore"), "wb") as file:
            file.write(data)

    def _own_settings(self) -> None:
        if self.random.random() < 0.2:
            _write(".git/info/exclude", "\n".join(self.random.choices(LINES, k=2)) + "\n")
        if self.random.random() < 0.2:
            _write("../mine", "\n".join(self.random.choices(LINES, k=2)) + "\n")
            subprocess.run(["git", "config", "core.excludesFile", os.path.abspath("../mine")], check=True)
        if self.random.random() < 0.1:
            subprocess.run(["git", "config", "core.ignoreCase", "true"], check=True)

    def _track(self) -> None:
        """Track some of the files, ignored or not; of environments no file that an environment doesn't have."""
        found = [
            os.path.normpath(os.path.join(place, name))
            for place, below, names in os.walk(".")
            for name in names
            if ".git" not in place.split("/")
        ]
        if found and self.random.random() < 0.5:
            picked = self.random.sample(found, max(1, len(found) // 4))
            names = [name for name in picked if "/.gitignore" not in name or self.random.random() < 0.5]
            stdin = os.fsencode("\0".join(f":(literal){name}" for name in names))
            command = ["git", "add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"]
            subprocess.run(command, input=stdin, check=True, capture_output=True)


def _join(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name


def _write(path: str, text: str = "x\n") -> None:
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
