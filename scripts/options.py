"""Write the tables of the options that pip and uv know, read off pip's own parser and uv's `--help`.

    python scripts/options.py            update both tables from the installed pip and uv
    python scripts/options.py --check    exit 1 where the installed ones know an option that the tables lack

Options that today's pip no longer knows stay in the table of former ones: scripts are older than pip.
"""

from __future__ import annotations

import argparse
import importlib
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

INSTALLS = Path(__file__).resolve().parent.parent / "hooks" / "venvlint" / "installs"
UV = (sys.executable, "-m", "uv")
ACTIONS = {"store_true": "true", "store_false": "false", "count": "count", "help": "help", "append": "values"}
UV_TABLES = {
    "PIP": ("Of uv, and of `uv pip install` and `sync`.", ("", "pip", "pip install", "pip sync")),
    "PROJECT": ("Of uv's commands that sync a project's environment.", ("", "sync", "add", "remove")),
}
UV_HIDDEN = ("--no-system", "--python-fetch", "--python-preference", "--preview-features", "--native-tls", "--isolated")
UV_OPTION = re.compile(r"^ {2,6}(?:-(?P<short>\w), )?(?: {4})?--(?P<long>[\w-]+)(?P<value>[ =]<[^>]+>)?", re.MULTILINE)

Table = dict[str, tuple[str, str]]


def pip_options(command: str) -> Table:
    """Read one command's options off the parser of the installed pip; "" is pip itself."""
    if command:
        parser = importlib.import_module("pip._internal.commands").create_command(command).parser
    else:
        parser = importlib.import_module("pip._internal.cli.main_parser").create_main_parser()
    table: Table = {}
    for option in parser._get_all_options():
        if command and option.dest == "version":
            continue  # earlier versions take it behind a command, too, where it does nothing
        action = ACTIONS.get(option.action) or ("values" if option.action == "callback" else "value")
        if not option.takes_value() and action in ("value", "values"):
            action = "true"
        if option.dest == "version":
            action = "help"
        for spelling in option._short_opts + option._long_opts:
            table[spelling] = (option.dest or "help", action)
    return table


def uv_options(commands: Iterable[str]) -> Table:
    """Read the options of some of uv's commands off their help; they agree on every spelling."""
    table: Table = {}
    for command in commands:
        run = subprocess.run([*UV, *command.split(), "--help"], capture_output=True, text=True, check=True)
        for spelling, option in _uv_rows(run.stdout):
            if table.setdefault(spelling, option)[1] != option[1]:
                raise SystemExit(f"uv's commands differ on {spelling}")
    return table


def uv_hidden(table: Table, candidates: Iterable[str]) -> Table:
    """Ask `uv pip install` for the options that its help keeps to itself: pip's own spellings, singulars, plurals."""
    hidden: Table = {}
    for spelling in sorted(set(candidates) - table.keys()):
        run = subprocess.run([*UV, "pip", "install", spelling], capture_output=True, text=True, check=False)
        if alias := re.search(r"value is required for '--([\w-]+)", run.stderr):
            hidden[spelling] = (alias[1], "values")
        elif "required arguments were not provided" in run.stderr:
            hidden[spelling] = (spelling[2:], "true")
    return hidden


def _uv_rows(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for row in UV_OPTION.finditer(text):
        name = row["long"]
        action = "help" if name in ("help", "version") else "values" if row["value"] else "true"
        yield f"--{name}", (name, action)
        if row["short"]:
            yield f"-{row['short']}", (name, action)


def _written(docstring: str, tables: dict[str, tuple[str, Table]]) -> str:
    """Return a module with the tables; one called COMMON is part of those that have all of its rows."""
    lines = [f'"""{docstring}"""', "", "# Written by scripts/options.py.", "", "from __future__ import annotations", ""]
    _, common = tables.get("COMMON", ("", {}))
    for name, (comment, table) in tables.items():
        has_common = bool(common) and name != "COMMON" and common.items() <= table.items()
        rows = sorted(table.items() - common.items() if has_common else table.items())
        start = "COMMON | {" if has_common else "{"
        lines += [f"# {comment}", f"{name}: dict[str, tuple[str, str]] = {start}"]
        lines += [f'    "{spelling}": ("{dest}", "{action}"),' for spelling, (dest, action) in rows]
        lines += ["}", ""]
    return "\n".join(lines)


def _committed(module: str, name: str) -> Table:
    try:
        return dict(getattr(importlib.import_module(f"venvlint.installs.{module}"), name))
    except (ImportError, AttributeError):
        return {}


def main() -> int:
    """Update or check the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    sys.path.insert(0, str(INSTALLS.parent.parent))
    general, install, config = pip_options(""), pip_options("install"), pip_options("config")
    uv = {name: uv_options(commands) for name, (_, commands) in UV_TABLES.items()}
    forms = {name.removesuffix("s") for name in uv["PIP"]} | {f"{name}s" for name in uv["PIP"]}
    candidates = {name for name in forms | install.keys() | set(UV_HIDDEN) if name.startswith("--")}
    uv["PIP"] |= uv_hidden(uv["PIP"], candidates)
    known = {name: _committed("pip_options", name) for name in ("GENERAL", "INSTALL", "FORMER", "CONFIG")}
    known_uv = {name: _committed("uv_options", name) for name in UV_TABLES}
    if check:
        pairs = ((general, known["GENERAL"]), (config, known["CONFIG"]), *((uv[name], known_uv[name]) for name in uv))
        missing = sorted({spelling for now, then in pairs for spelling in now.keys() - then.keys()})
        missing += sorted(install.keys() - known["INSTALL"].keys() - known["FORMER"].keys())
        print("\n".join(missing), end="\n" if missing else "")  # noqa: T201 - what it is for
        return bool(missing)
    former = {name: row for name, row in (known["FORMER"] | known["INSTALL"]).items() if name not in install}
    common = dict(general.items() & install.items() & config.items())
    pip_tables = {
        "COMMON": ("Before the verb, and after any.", common),
        "GENERAL": ("Before the verb: what each spelling sets, and how.", general),
        "INSTALL": ("After `install`.", install),
        "FORMER": ("After `install`, in earlier versions only.", former),
        "CONFIG": ("After `config`.", config),
    }
    uv_tables = {name: (comment, known_uv[name] | uv[name]) for name, (comment, _) in UV_TABLES.items()}
    (INSTALLS / "pip_options.py").write_text(_written("pip's options, read off pip's own parser.", pip_tables))
    (INSTALLS / "uv_options.py").write_text(_written("uv's options, read off uv's own help.", uv_tables))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
