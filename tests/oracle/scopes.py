"""Scopes that the generator draws from: subshells, groups, pipelines, substitutions, other shells, other files."""

from __future__ import annotations

from dataclasses import replace

from tests.oracle import commands
from tests.oracle.compound import body
from tests.oracle.writer import RAW, Context, Lines, Producer, Writer

_MAXIMUM_QUOTING = 2


def subshell(writer: Writer, context: Context) -> Lines:
    """Return `( )` in its forms."""
    if writer.chance(0.35):
        first, second = (commands.joinable(writer, context) for _ in range(2))
        return [writer.one([f"( {first}; {second} )", f"( {first} && {second} )", f"( {first} && {second}) || true"])]
    return [
        "(",
        *body(writer, context),
        writer.weighted([(6, ")"), (1, ") >/dev/null"), (1, ") | cat"), (1, ") || true"), (1, ") &")]),
    ]


def group(writer: Writer, context: Context) -> Lines:
    """Return `{ }`: the same shell unless it is piped or sent into the background."""
    ends = [
        (4, "}"),
        (2, "} >/dev/null"),
        (1, "} >>notes.txt"),
        (2, "} | cat"),
        (1, "} | tee log.txt"),
        (1, "} &"),
        (1, "} || true"),
    ]
    openers = [(8, "{"), (1, "echo go | {"), (0.5, "! {")]
    if writer.is_bash:
        openers += [(0.3, "time {"), (0.2, "! time -p {"), (0.3, "coproc {"), (0.2, "coproc work {")]
    opener = writer.weighted(openers)
    if opener.startswith("coproc"):
        return [opener, *body(writer, context), "} </dev/null", *(["wait"] if writer.chance(0.5) else [])]
    end = writer.weighted(ends)
    if opener.startswith("!") and end == "} &":
        end = "}"
    return [opener, *body(writer, context), end]


def pipeline(writer: Writer, context: Context) -> Lines:
    """Return a pipeline: every part is a shell of its own, the last one too."""
    first, second = commands.joinable(writer, context), commands.pipeable(writer, context)
    if writer.chance(0.5):
        return [
            writer.one([f"{first} | {second}", f"{first} | cat", f"echo x | {second}", f"{first} | cat | {second}"])
        ]
    return [
        'seq "$(number)" | while read -r line; do',
        *body(writer, replace(context, in_loop=True, is_once=False)),
        "done",
    ]


def substitution(writer: Writer, context: Context) -> Lines:
    """Return `$( )`, backticks, or `<( )`."""
    if writer.chance(0.25):
        first, second = (commands.quotable(writer, context) for _ in range(2))
        return [writer.one([f"output=`{first}; {second}`", f"echo `{first} && {second}`"])]
    lines = body(writer, context)
    opener, closer = writer.one([("output=$(", ")"), ('echo "$(', ')"'), ("export OUTPUT=$(", ")"), (": $(", ")")])
    if writer.is_bash and writer.chance(0.3):
        opener, closer = writer.one([("cat <(", ")"), ("cat < <(", ")"), ("cat >/dev/null <(", ") <(true)")])
    return [opener, *lines, closer]


def background(writer: Writer, context: Context) -> Lines:
    """Return a command in the background."""
    first = commands.joinable(writer, context)
    return [f"{first} &", *(["wait"] if writer.chance(0.7) else [])]


def heredoc(writer: Writer, context: Context) -> Lines:
    """Return a heredoc fed to a shell, or one that is only text."""
    end = f"EOF{writer.number()}"
    if writer.chance(0.2):
        command = writer.one(
            [f"cat >notes.txt <<{end}", f"cat <<'{end}'", f"tee log.txt <<{end} >/dev/null", f": <<'{end}'"]
        )
        return [command, *(f"{RAW}pip install {writer.idle_tag()}" for _ in range(2)), RAW + end]
    inner = _fresh(context)
    lines = _elsewhere(writer, inner)
    is_plain = not any(character in line for line in lines for character in "$`\\")
    quoted = end if is_plain and writer.chance(0.5) else writer.one([f"'{end}'", f'"{end}"', f"\\{end}"])
    shell = _shell(writer)
    command = writer.one([f"{shell} <<{quoted}", f"{shell} -s <<{quoted}", f"{shell} -e <<{quoted}"])
    return [command, *(RAW + line.removeprefix(RAW) for line in lines), RAW + end]


def other_shell(writer: Writer, context: Context) -> Lines:
    """Return a script in quotes that another shell runs."""
    if context.quoting >= _MAXIMUM_QUOTING:
        return subshell(writer, context)
    lines = _elsewhere(writer, _fresh(context))
    quoted = _quoted(lines)
    if quoted is None:
        return subshell(writer, context)
    shell = _shell(writer)
    forms = [("{shell} -c ", ""), ("{shell} -ec ", ""), ("printf '%s\\n' ", " | {shell}"), ("sudo {shell} -c ", "")]
    if writer.is_bash:
        forms += [("{shell} <<<", ""), ("{shell} -c ", " >/dev/null")]
    if shell == "bash":
        forms += [("bash -lc ", ""), ("bash -eo pipefail -c ", "")]
    before, after = writer.one(forms)
    quoted[0] = before.format(shell=shell) + quoted[0]
    quoted[-1] += after.format(shell=shell)
    return quoted


def evaluation(writer: Writer, context: Context) -> Lines:
    """Return `eval` of constant text: the same shell."""
    quoted = _quoted(body(writer, replace(context, quoting=context.quoting + 1)))
    if quoted is None or context.quoting >= _MAXIMUM_QUOTING:
        return [f'eval "{commands.quotable(writer, context)}; {commands.quotable(writer, context)}"']
    return ["eval " + quoted[0], *quoted[1:]]


def sourced(writer: Writer, context: Context) -> Lines:
    """Return the sourcing of a file that stands beside the script."""
    name = f"{writer.name}_{writer.number()}.inc"
    environment = writer.one([".venv", "venv"])
    text, call = writer.one(
        [
            (f". {environment}/bin/activate\n", ""),
            ("deactivate\n", ""),
            (f'export PATH="$PWD/{environment}/bin:$PATH"\n', ""),
            ("", ""),
            (f"enter() {{\n    . {environment}/bin/activate\n}}\n", "enter"),
            (f"( . {environment}/bin/activate )\n", ""),
            (f"if coin; then . {environment}/bin/activate; fi\n", ""),
            (f"coin && return\n. {environment}/bin/activate\n", ""),
        ]
    )
    writer.files.append((name, text))
    commands_ = [f". ./{name}"]
    if writer.is_bash:
        commands_ += [
            f"source {name}",
            f'source "$(dirname "$0")/{name}"',
            f'. "$(dirname "${{BASH_SOURCE[0]}}")/{name}"',
        ]
    return [writer.one(commands_), *([call] if call else [])]


def _fresh(context: Context) -> Context:
    """Return the context within a shell that has none of this one's functions or loops."""
    return replace(context, in_loop=False, in_function=False, is_once=False, quoting=context.quoting + 1)


def _elsewhere(writer: Writer, context: Context) -> Lines:
    """Return statements for another shell, which doesn't know this one's functions and variables."""
    functions, writer.functions = writer.functions, []
    opening, writer.opening = writer.opening, {}
    was_bash = writer.shell
    writer.shell = "sh"  # either shell may get it
    lines = body(writer, context)
    lines = [*writer.opening.values(), *lines]
    writer.functions, writer.opening, writer.shell = functions, opening, was_bash
    return lines


def _shell(writer: Writer) -> str:
    return writer.one(["bash", "bash", "sh"])


def _quoted(lines: Lines) -> Lines | None:
    """Return `lines` as one quoted word, or nothing where that would be unreadable."""
    if any(line.startswith(RAW) for line in lines):
        return None
    if any("'" in line for line in lines):
        for character in '\\`$"':
            lines = [line.replace(character, "\\" + character) for line in lines]
        return ['"', *lines, '"']
    return ["'", *lines, "'"]


SCOPES: tuple[tuple[float, Producer], ...] = (
    (3, subshell),
    (2, group),
    (1.2, pipeline),
    (1.5, substitution),
    (0.8, background),
    (1, heredoc),
    (1.5, other_shell),
    (0.6, evaluation),
    (0.8, sourced),
)
