"""Ansible playbooks and roles: their `pip` tasks, and what their other tasks hand to a shell or run."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from venvlint.formats import argv, machine_scripts
from venvlint.formats.machine_scripts import JINJA
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, at, documents, entries, flat, items, scalar, text
from venvlint.model import Script, Skipped
from venvlint.source import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats.images import Start
    from venvlint.model import Shell
    from venvlint.source import Source

# Files in these directories hold tasks even where nothing in them says so.
_TASK_FILES = re.compile(
    r"(?:.*/)?(?:tasks|handlers|playbooks?)(?:/(?!templates/|files/|vars/).*|[^/]*)\.ya?ml(?:\.j2)?", re.IGNORECASE
)
_PLAYBOOK = re.compile(
    r"^(?:- +|  +)hosts:(?=[\s\S]*^(?:- +|  +)(?:tasks|roles|pre_tasks|post_tasks|handlers):)", re.MULTILINE
)
# Keys of tasks that no other list of mappings is likely to have.
_TASK = re.compile(
    r"^(?:- |  )(?:ansible\.\w+\.\w+|apt|become|dnf|import_tasks|include_tasks|lineinfile|notify|register|yum)\s*:",
    re.MULTILINE,
)
_PREFIX = re.compile(r"^ansible\.(?:builtin|legacy|windows)\.")
_TASKS = ("pre_tasks", "tasks", "post_tasks", "handlers", "block", "rescue", "always")
_MODULES = frozenset({"pip", "shell", "command", "raw", "win_shell", "win_command", "easy_install"})
_LOOPS = ("loop", "with_items", "with_list", "with_flattened")
_ITEM = re.compile(r"\s*\{\{\s*item\s*\}\}\s*")
_TRUE = frozenset({"true", "yes", "on", "1"})
_MOST_NESTED = 40


@dataclass(frozen=True, slots=True)
class _Around:
    """What a play and the blocks in it set for the tasks inside."""

    machine: str
    variables: tuple[tuple[str, str], ...] = ()
    start: Start = "global"


def fits(source: Source) -> bool:
    """Tell whether a YAML file is Ansible's."""
    if _TASK_FILES.fullmatch(source.path):
        return True
    return _PLAYBOOK.search(source.text) is not None or _TASK.search(source.text) is not None


def scripts(source: Source) -> Iterator[Script | Skipped]:
    """Yield what the tasks of a playbook, or of a role's file, run."""
    for document in documents(source):
        if isinstance(document, Skipped):
            if "{%" not in source.text:  # what a template comes to needn't be YAML before it is filled in
                yield document
        elif document.kind == "sequence":
            yield from _tasks(source, document, _Around(f"play {document.start}"), 0)


def _tasks(source: Source, node: Node, around: _Around, depth: int) -> Iterator[Script]:
    for task in node.children:
        if task.kind != "mapping" or depth > _MOST_NESTED:
            continue
        known = entries(task)
        is_play = "hosts" in known
        inside = _inside(source, known, replace(around, machine=f"play {task.start}") if is_play else around)
        for key in _TASKS:
            if key in known and known[key].kind == "sequence":
                yield from _tasks(source, known[key], inside, depth + 1)
        if not is_play and text(known.get("check_mode")).lower() not in _TRUE:
            yield from _task(source, task, inside)


def _inside(source: Source, known: dict[str, Node], around: _Around) -> _Around:
    """Return what holds for a task, or for those of a play or block."""
    interpreter = text(at(known.get("vars"), "ansible_python_interpreter"))
    if interpreter and not re.fullmatch(r"/usr(/local)?/bin/\S+|auto\w*", interpreter):
        around = replace(around, start="unknown")
    environment = known.get("environment")
    if environment is not None and environment.kind == "scalar":
        return replace(around, start="unknown")
    pairs = [pair for node in items(environment) for pair in entries(node).items()]
    values = tuple((name, _value(source, value)) for name, value in pairs if value.kind == "scalar")
    return replace(around, variables=around.variables + values)


def _value(source: Source, node: Node) -> str:
    values = {"ansible_env.PATH": "$PATH", "ansible_facts.env.PATH": "$PATH"}
    return machine_scripts.filled(Piece(*scalar(node, source)), JINJA, values).text


def _task(source: Source, task: Node, around: _Around) -> Iterator[Script]:
    known = entries(task)
    for key, value in zip(task.children[::2], task.children[1::2], strict=True):
        module = _PREFIX.sub("", key.value)
        piece = Piece(*scalar(key, source))
        if module in ("action", "local_action") and value.kind == "scalar":
            whole = _filled(source, value)
            words = argv.split(whole)
            if words and _PREFIX.sub("", words[0].text) in _MODULES:
                rest = whole.cut(whole.text.find(words[0].text) + len(words[0].text)).strip()
                yield from _module(source, _PREFIX.sub("", words[0].text), words[0], rest, known, around)
        elif module in _MODULES:
            given = _filled(source, value) if value.kind == "scalar" else value
            yield from _module(source, module, piece, given, known, around)


def _filled(source: Source, node: Node) -> Piece:
    return machine_scripts.filled(Piece(*scalar(node, source)), JINJA)


def _module(
    source: Source, module: str, key: Piece, given: Piece | Node, known: dict[str, Node], around: _Around
) -> Iterator[Script]:
    """Yield what one task runs."""
    options = _options(source, given, known, is_free=module not in ("pip", "easy_install"))
    if module in ("pip", "easy_install"):
        words = _install(source, module, key, options, known)
        if words is not None:
            yield _line(words, "sh", around)
        return
    code = options.get("cmd") or options.get("_") or options.get("_raw_params")
    if module in ("command", "win_command"):
        words_given = options.get("argv")
        if isinstance(words_given, list) and words_given:
            yield _words(words_given, around)
        elif isinstance(code, Piece) and (split := argv.split(code)):
            yield _words(split, around)
    elif isinstance(code, Piece):
        shell: Shell = "pwsh" if module == "win_shell" else "sh"
        executable = options.get("executable")
        if isinstance(executable, Piece):
            shell = argv.SHELLS.get(argv.program(executable.text), shell)
        yield _line(code, shell, around)


def _line(piece: Piece, shell: Shell, around: _Around) -> Script:
    return machine_scripts.line(
        piece, shell, machine=around.machine, name="task", variables=around.variables, start=around.start
    )


def _words(words: list[Piece], around: _Around) -> Script:
    return machine_scripts.command(
        words, machine=around.machine, name="task", variables=around.variables, start=around.start
    )


def _options(
    source: Source, given: Piece | Node, known: dict[str, Node], *, is_free: bool
) -> dict[str, Piece | list[Piece]]:
    """Return a module's options; what a shell or command is given in free form has the key `_`."""
    found: dict[str, Piece | list[Piece]] = {}
    if isinstance(given, Piece):
        if is_free:
            found["_"] = given
        else:
            for word in argv.split(given):
                name, equals, _ = word.text.partition("=")
                if equals:
                    found[name] = word.cut(len(name) + 1)
    for node in (given if isinstance(given, Node) else None, known.get("args")):
        for name, value in entries(node).items():
            is_list = value.kind == "sequence"
            found[name] = [_filled(source, item) for item in flat(value)] if is_list else _filled(source, value)
    return found


def _install(
    source: Source, module: str, key: Piece, options: dict[str, Piece | list[Piece]], known: dict[str, Node]
) -> Piece | None:
    """Return the command that a `pip` task comes to; None where it installs nothing, or into an environment."""
    if _plain(options.get("virtualenv")) or _plain(options.get("state")) == "absent":
        return None
    program = _plain(options.get("executable")) or ("pip" if module == "pip" else "easy_install")
    start = [_said(key, program), *([_said(key, "install")] if module == "pip" else [])]
    words: list[Piece] = []
    for name in ("name", "pkg"):
        value = options.get(name)
        for piece in value if isinstance(value, list) else [value] if value else []:
            words.extend(_packages(source, piece, known))
    requirements = options.get("requirements")
    if isinstance(requirements, Piece) and requirements.text:
        words += [_said(requirements, "-r"), requirements]
    extra = options.get("extra_args")
    if isinstance(extra, Piece):
        words += argv.split(extra)
    override = options.get("break_system_packages")
    if isinstance(override, Piece) and override.text.lower() in _TRUE:
        words.append(_said(override, "--break-system-packages"))
    return argv.line([*start, *sorted(words, key=lambda word: word.offsets.at(0))])


def _packages(source: Source, piece: Piece, known: dict[str, Node]) -> Iterator[Piece]:
    """Yield the packages of one name: a loop's items where it stands for them, several where commas part them."""
    written = source.text[slice(*piece.offsets.span(0, len(piece.text)))] if piece.text else ""
    looped = [item for key in _LOOPS for item in flat(known.get(key)) if item.kind == "scalar"]
    if _ITEM.fullmatch(written.strip("'\" ")) and looped and "{{" not in looped[0].value:
        yield from (_said(piece, item.value) for item in looped)
    elif re.search(r",(?![^\[]*\])(?!\s*[<>=!~])", piece.text):
        at_ = 0
        for part in piece.text.split(","):
            yield piece.cut(at_, at_ + len(part)).strip()
            at_ += len(part) + 1
    elif piece.text:
        yield piece


def _said(place: Piece, word: str) -> Piece:
    """Return a word that a task doesn't write, as standing where `place` does."""
    span = place.offsets.span(0, max(len(place.text), 1))
    builder = Builder()
    builder.replace(word, span.start, span.end - span.start)
    return Piece(*builder.build())


def _plain(value: Piece | list[Piece] | None) -> str:
    return value.text if isinstance(value, Piece) else ""
