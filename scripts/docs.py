"""Write what the documentation says of rules and formats from their own modules: docs/ and parts of the README.

python scripts/docs.py            write
python scripts/docs.py --check    exit 1 where that would change something
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

from venvlint import formats
from venvlint.rules import CATALOGUE, load

ROOT = Path(__file__).resolve().parent.parent
PART = re.compile(r"(?<=<!-- (rules|reads) -->\n).*?(?=<!-- end of \1 -->)", re.DOTALL)


def fault(rule: str) -> str:
    """Return a rule's fault in one phrase: its page's first line."""
    return (load(rule).__doc__ or "").partition("\n")[0].removesuffix(".")


def page(rule: str, hook: str) -> str:
    """Return the page of a rule."""
    holder = "every hook" if hook == "venvlint" else f"`{hook}`"
    return f"# {rule}\n\nA rule of {holder}. {(load(rule).__doc__ or '').rstrip()}\n"


def table() -> str:
    """Return the table of all rules."""
    rows = ["| hook | rule | fault |", "|---|---|---|"]
    for hook, rules in CATALOGUE.items():
        for number, rule in enumerate(rules):
            holder = ("*all*" if hook == "venvlint" else f"`{hook}`") if not number else ""
            rows.append(f"| {holder} | [`{rule}`](docs/rules/{rule}.md) | {fault(rule)} |")
    return "".join(f"{row}\n" for row in rows)


def understood() -> dict[str, str]:
    """Return what each host format is called, with what is read of it: the first sentence of its module."""
    modules = dict.fromkeys(name for name, _ in (*formats._BY_PATH, *formats._BY_SHEBANG))
    first = ((import_module(f"venvlint.formats.{name}").__doc__ or "").strip().partition("\n")[0] for name in modules)
    return {name: rest.strip() for name, _, rest in (line.partition(":") for line in sorted(first, key=str.lower))}


def reads() -> str:
    """Return the names of all formats, as the README lists them."""
    return "".join(f"{name},\n" for name in understood()).removesuffix(",\n") + ".\n"


def list_of_formats() -> str:
    """Return the page that lists all formats."""
    rows = "".join(f"- **{name}**: {what}\n" for name, what in understood().items())
    pages = sorted(path for path in (ROOT / "docs/formats").glob("*.md") if path.name != "README.md")
    titles = [(path.name, path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")) for path in pages]
    more = ", ".join(f"[{title}]({name})" for name, title in titles)
    return f"# What `no-global-pip` reads\n\n{rows}\nIn detail: {more}.\n"


def generated() -> dict[Path, str]:
    """Return every generated file with what it should hold."""
    files = {ROOT / f"docs/rules/{rule}.md": page(rule, hook) for hook, rules in CATALOGUE.items() for rule in rules}
    readme = ROOT / "README.md"
    files[ROOT / "docs/formats/README.md"] = list_of_formats()
    parts = {"rules": table, "reads": reads}
    files[readme] = PART.sub(lambda part: parts[part[1]](), readme.read_text(encoding="utf-8"))
    return files


def stale() -> dict[Path, str | None]:
    """Return what differs from what it should hold; None stands for a page of a rule that is no more."""
    files: dict[Path, str | None] = dict.fromkeys((ROOT / "docs/rules").glob("*.md")) | generated()
    return {path: text for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text}


def main() -> int:
    """Write, or only check; say which files differ."""
    differing = stale()
    for path, text in differing.items():
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        if "--check" in sys.argv[1:]:
            continue
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(bool(differing) and "--check" in sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
