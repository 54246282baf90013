"""Control flow that the generator draws from: branches, loops, functions, early ends."""

from __future__ import annotations

from dataclasses import replace

from tests.oracle import commands
from tests.oracle.case import Toggle
from tests.oracle.writer import Context, Lines, Producer, Writer, indented

MAXIMUM_DEPTH = 4


def body(writer: Writer, context: Context) -> Lines:
    """Return a few statements one level deeper."""
    from tests.oracle.programs import statements  # the parts of a grammar need each other

    lines = statements(writer, replace(context, depth=context.depth + 1), writer.one((1, 1, 2, 2, 3)))
    is_nothing = all(line.startswith("#") for line in lines)  # comments alone are no body
    return indented([*lines, ":"] if is_nothing else lines)


def branch(writer: Writer, context: Context) -> Lines:
    """Return an `if`, now and then with more arms."""
    lines = [f"if {commands.condition(writer, context)}; then", *body(writer, context)]
    while writer.chance(0.15):
        lines += [f"elif {commands.condition(writer, context)}; then", *body(writer, context)]
    if writer.chance(0.5):
        lines += ["else", *body(writer, context)]
    return [*lines, "fi"]


def guarded(writer: Writer, context: Context) -> Lines:
    """Return a test for an environment that may be there or not, and what is done with it if it is."""
    if not context.is_once:
        return branch(writer, context)
    name = f"maybe{writer.number()}"
    writer.toggles.append(Toggle("environment", name, (None, "there")))
    return writer.one(
        [
            [f"if [ -d {name} ]; then", f"    . {name}/bin/activate", "fi"],
            [f"if [ -f {name}/bin/activate ]; then . {name}/bin/activate; fi"],
            [f"[ -d {name} ] && . ./{name}/bin/activate"],
            [f"[ -d {name} ] || python3 -m venv {name}", f". {name}/bin/activate"],
            [f"if [ ! -d {name} ]; then", f"    python3 -m venv {name}", "fi", f". {name}/bin/activate"],
            [f"test -e {name}/bin/activate || exit 1", f". {name}/bin/activate"],
        ]
    )


def known(writer: Writer, context: Context) -> Lines:
    """Return a test for an environment that the script has just made."""
    name = f"made{writer.number()}"
    lines = [f"python3 -m venv {name}", f"if [ {writer.one(['-d', '! -d'])} {name} ]; then", *body(writer, context)]
    if writer.chance(0.5):
        lines += ["else", *body(writer, context)]
    return [*lines, "fi"]


def choice(writer: Writer, context: Context) -> Lines:
    """Return a `case`; its subject is an external command's output or the caller's argument."""
    subject = '"$(draw)"'
    if context.is_once and writer.chance(0.3) and not any(toggle.kind == "arguments" for toggle in writer.toggles):
        writer.toggles.append(Toggle("arguments", "$@", (None, "a", "b a", "a b", "c")))
        subject = '"$1"'
    patterns = writer.one([("a", "b"), ("a", "*"), ("a", "b", "*"), ("a | b", "*"), ("[ab]", "*"), ("(b", "a*")])
    ends = (";;", ";;", ";;", ";&", ";;&") if writer.is_bash else (";;",)
    lines = [f"case {subject} in"]
    for pattern in patterns:
        lines += [f"    {pattern})", *indented(body(writer, context)), f"        {writer.one(ends)}"]
    return [*lines, "esac"]


def loop(writer: Writer, context: Context) -> Lines:
    """Return a loop that ends by itself after three rounds or four."""
    counter = f"i{writer.number()}"
    writer.need(counter, f"{counter}=0")
    bound = f'[ "$(({counter} = {counter} + 1))" -le 3 ]'
    heads = [
        "for x in a b; do",
        "for x in one; do",
        "for x in $(draw); do",
        'for x in "a b" $(draw); do',
        f"while coin && {bound}; do",
        f"until coin || ! {bound}; do",
        'for x in "$@"; do',
        "until coin; do",  # when the bits run out, every coin succeeds
        "while ! coin; do",
    ]
    if writer.is_bash:
        heads.append(f"for (({counter} = 0; {counter} < $(number); {counter}++)); do")
    inner = replace(context, in_loop=True, is_once=False)
    lines = [writer.one(heads), *body(writer, inner)]
    if '"$@"' in lines[0] and not any(toggle.kind == "arguments" for toggle in writer.toggles):
        writer.toggles.append(Toggle("arguments", "$@", (None, "dev", "a b", "'' a")))
    if writer.chance(0.25):
        lines += [f"    {writer.one(['coin && break', 'coin || continue', 'break', 'coin && continue'])}"]
        lines += body(writer, inner)
    return [*lines, writer.weighted([(8, "done"), (1, "done | cat"), (1, "done >/dev/null"), (0.7, "done </dev/null")])]


def attempts(writer: Writer, _: Context) -> Lines:
    """Return one of the ways to try an install more than once."""
    tag = writer.tag()
    return writer.one(
        [
            ["for i in 1 2 3; do", f"    pip install {tag} && break", "done"],
            [f"for i in 1 2 3; do pip install {tag} && break || sleep 0; done"],
            ["n=0", f'until pip install {tag} || [ "$n" -ge 2 ]; do', "    n=$((n + 1))", "done"],
            [f"pip install {tag} || pip install --user {writer.tag()}"],
            [f"pip install {tag} || {{ . .venv/bin/activate; pip install {writer.tag()}; }}"],
            [f"if ! pip install {tag}; then", f"    python3 -m pip install {writer.tag()}", "fi"],
            [f"while ! pip install {tag}; do", "    break", "done"],
        ]
    )


def select(writer: Writer, context: Context) -> Lines:
    """Return a `select`, whose answers come from outside (bash alone has it)."""
    if not writer.is_bash:
        return loop(writer, context)
    inner = replace(context, in_loop=True, is_once=False)
    return [
        "select x in a b; do",
        *body(writer, inner),
        *(["    break"] if writer.chance(0.6) else []),
        'done < <(seq "$(number)")',
    ]


def early_end(writer: Writer, context: Context) -> Lines:
    """Return a line that may end the script, a function or a loop."""
    ends = ["exit", "exit 0", "exit 1"]
    if context.in_function:
        ends += ["return", "return 1", "return 0"] * 2
    if context.in_loop:
        ends += ["break", "continue", "break 2"] * 2
    end = writer.one(ends)
    return [
        writer.weighted(
            [
                (5, f"coin && {end}"),
                (3, f"coin || {end}"),
                (1, f"if coin; then {end}; fi"),
                (0.6, end),
                (0.7, f"( {end} )"),
                (1, f'[ -n "$VIRTUAL_ENV" ] || {end}'),
                (0.5, f"coin && {{ echo bye; {end}; }}"),
                (0.2, ': "${VIRTUAL_ENV:?not active}"'),
                (0.3, f'python3 -c "import sys; sys.exit(sys.prefix == sys.base_prefix)" || {end}'),
                (0.3, "exec true"),
            ]
        )
    ]


def function(writer: Writer, context: Context) -> Lines:
    """Return a definition, called at once, later or never."""
    name = f"step{writer.number()}"
    inner = replace(context, in_function=True, in_loop=False, is_once=False)
    lines = body(writer, inner)
    head = writer.one(
        [f"{name}() {{", f"{name} () {{", *([f"function {name} {{", f"function {name}() {{"] if writer.is_bash else [])]
    )
    if writer.chance(0.15):
        opener, closer = head.replace("{", "("), ")"
    else:
        opener, closer = head, writer.one(["}", "}", "}", "} >/dev/null"])
    if writer.chance(0.15):
        lines = ["    local PATH=$PATH", *lines]
    if writer.chance(0.1):
        writer.need("depth", "depth=0")
        lines += ["    depth=$((depth + 1))", f'    if coin && [ "$depth" -lt 3 ]; then {name}; fi']
    definition = [opener, *lines, closer]
    writer.functions.append(name)
    if writer.chance(0.45):
        definition.append(name)
    return definition


def named_like_pip(writer: Writer, _: Context) -> Lines:
    """Return a function or an alias that takes pip's name."""
    forms = [
        ['pip() { command pip "$@"; }'],
        ['pip() { .venv/bin/pip "$@"; }'],
        ['pip() { python3 -m pip "$@"; }'],
        ['pip() { echo "no: $*"; }'],
        ['pip3() { pip "$@"; }'],
        ["unset -f pip"],
        ["alias pip=.venv/bin/pip"],
        ["alias pip3='python3 -m pip'"],
        ["alias pip='echo pip'"],
        ["unalias pip"],
    ]
    if writer.is_bash and writer.chance(0.5):
        writer.need("aliases", "shopt -s expand_aliases")
    return writer.one(forms)


def trap(writer: Writer, context: Context) -> Lines:
    """Return a trap for the end of the shell."""
    action = commands.quotable(writer, context)
    return [f"trap '{action}' {writer.one(['EXIT', 'EXIT', '0'])}"]


def chain(writer: Writer, context: Context) -> Lines:
    """Return several commands on one line."""
    first, second, third = (commands.joinable(writer, context) for _ in range(3))
    forms = [
        f"{first} && {second}",
        f"{first} || {second}",
        f"{first}; {second}",
        f"{first} && {second} && {third}",
        f"{first} && {second} || {third}",
        f"{commands.condition(writer, context)} && {first}",
        f"{commands.condition(writer, context)} || {first}",
        f"{commands.condition(writer, context)} && {{ {first}; {second}; }}",
        f"{first} &&\n    {second}",
        f"{first} | {commands.pipeable(writer, context)}",
        f"! {first} && {second}",
    ]
    return [writer.one(forms)]


CONTROL: tuple[tuple[float, Producer], ...] = (
    (4, branch),
    (1.2, guarded),
    (0.7, known),
    (1.2, choice),
    (2, loop),
    (0.8, attempts),
    (0.4, select),
    (1.2, early_end),
    (3, function),
    (0.4, named_like_pip),
    (0.7, trap),
    (3, chain),
)
