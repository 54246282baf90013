"""One-line commands that the generator draws from: installs, activations, edits of PATH, conditions, plain text."""

from __future__ import annotations

from tests.oracle import spellings, tool_spellings
from tests.oracle.case import ROOT, Toggle
from tests.oracle.stubs import ENVIRONMENTS, SUB_ENVIRONMENT
from tests.oracle.writer import Context, Writer

_WITH_OPENING = spellings.WITH_OPENING + tool_spellings.WITH_OPENING
_BASH_WITH_OPENING = spellings.BASH_INSTALLS + tool_spellings.BASH_WITH_OPENING


def install(writer: Writer, _: Context) -> str:
    """Return an install command, most often spelt plainly."""
    kind = writer.random.random()
    if kind < 0.4:
        form = writer.one(spellings.PLAIN)
    elif kind < 0.8:
        forms = (spellings.WRAPPED, tool_spellings.TOOLS, tool_spellings.BY_VARIABLES, tool_spellings.ELSEWHERE)
        bash_forms = ((0.2, tool_spellings.BASH),) if writer.is_bash else ()
        form = writer.one(writer.weighted([*zip((1.0, 0.35, 0.25, 0.6), forms, strict=True), *bash_forms]))
    elif kind < 0.96:
        topic, opening, form = writer.one(_WITH_OPENING + (_BASH_WITH_OPENING if writer.is_bash else ()))
        if topic:
            writer.need(topic, opening.replace("{t}", writer.tag()))
    else:
        return writer.one(spellings.NOTHING).replace("{t}", writer.idle_tag())
    return form.replace("{t}", writer.tag())


def text(writer: Writer, _: Context) -> str:
    """Return a line that only speaks of an install."""
    return writer.one(spellings.TEXTS).replace("{t}", writer.idle_tag())


def activation(writer: Writer, _: Context) -> str:
    """Return a line after which an environment is in front."""
    name = writer.one([*ENVIRONMENTS, *writer.made])
    forms = [
        (6, f". {name}/bin/activate"),
        (1, f'. "$PWD/{name}/bin/activate"'),
        (1, f". ./{name}/bin/activate >/dev/null"),
        (1, f". {name}/bin/activate || exit 1"),
        (1, f". {ROOT}/opt/venv/bin/activate"),
        (1, '. "$HOME/.venvs/app/bin/activate"'),
        (0.7, f'eval ". {name}/bin/activate"'),
        (0.7, f"python3 -m venv {name} && . {name}/bin/activate"),
        (1.5, f'export PATH="$PWD/{name}/bin:$PATH"'),
        (0.5, f"PATH={ROOT}/opt/venv/bin:$PATH"),
        (0.5, f"PATH={name}/bin:$PATH"),
        (0.5, f'{{ export VIRTUAL_ENV="$PWD/{name}"; export PATH="$VIRTUAL_ENV/bin:$PATH"; }}'),
        (0.5, f'{{ VENV_DIR={name}; . "$VENV_DIR/bin/activate"; }}'),
        (0.3, f"cd sub; . {SUB_ENVIRONMENT}/bin/activate; cd .."),
        (0.3, f"cd sub; . ../{name}/bin/activate; cd .."),
    ]
    if writer.chance(0.06):
        writer.need("conda", '. "$HOME/miniconda3/etc/profile.d/conda.sh"')
        return writer.one(["conda activate app", "conda activate app", "conda activate base", "mamba activate app"])
    if writer.is_bash:
        forms += [
            (5, f"source {name}/bin/activate"),
            (0.7, f'source "$(pwd)/{name}/bin/activate"'),
            (0.7, f'source "$(dirname "$0")/{name}/bin/activate"'),
            (0.3, f"pushd sub >/dev/null; source ../{name}/bin/activate; popd >/dev/null"),
        ]
    else:
        forms += [(0.4, f"source {name}/bin/activate")]  # dash has no `source`
    return writer.weighted(forms)


def undoing(writer: Writer, _: Context) -> str:
    """Return a line that takes an environment away, or only looks as if it did, or as if it brought one."""
    name = writer.one(ENVIRONMENTS)
    writer.need("SAVED", "SAVED=$PATH")
    if "conda" in writer.opening and writer.chance(0.4):
        return "conda deactivate"
    return writer.weighted(
        [
            (6, "deactivate"),
            (1, "deactivate || true"),
            (1, "deactivate 2>/dev/null || true"),
            (0.5, "command -v deactivate >/dev/null && deactivate"),
            (0.3, "unset -f deactivate"),
            (0.3, "unset VIRTUAL_ENV"),
            (1, "export PATH=$SAVED"),
            (1, f"PATH={spellings.SYSTEM_PATH}"),
            (0.7, f'PATH="{ROOT}/usr/bin:$PATH"'),
            (0.7, 'SAVED="$PATH"'),
            (1.8, f'export PATH="$PATH:$PWD/{name}/bin"'),
            (0.5, 'export PATH="$HOME/bin:$PATH"'),
            (0.5, f'export VIRTUAL_ENV="$PWD/{name}"'),
            (0.5, f"sh {name}/bin/activate"),
            (0.5, f"( . {name}/bin/activate )"),
            (0.3, f"bash -c '. {name}/bin/activate'"),
            (0.3, f". {name}/bin/activate | cat"),
            (0.3, f". {name}/bin/activate &"),
            (0.2, "export PIP_REQUIRE_VIRTUALENV=1"),
            (0.2, "unset PIP_REQUIRE_VIRTUALENV"),
            (0.1, "export PIP_TARGET=vendored"),
            (0.2, "unset PIP_TARGET"),
            (0.1, "export PIP_USER=1"),
            (0.2, "export PIP_USER=0"),
            (0.2, 'export PATH="$HOME/.local/bin:$HOME/.cargo/bin:$PATH"'),
            (0.2, "PATH=:$PATH"),
            (0.2, f"{{ OLD=$PATH; PATH={name}/bin:$PATH; PATH=$OLD; }}"),
        ]
    )


def other(writer: Writer, _: Context) -> str:
    """Return a line that has to do with environments only from afar."""
    forms = [
        "echo working",
        ":",
        "true",
        "cd sub",
        "cd ..",
        'cd "$(dirname "$0")"',
        "mkdir -p dist",
        "export MODE=fast",
        "hash -r",
        "coin || true",
        "coin",
        "wait",
        "set -e",
        "set +e",
        "ls >/dev/null",
        "count=$(($count + 1))",
    ]
    return writer.one([*forms, "pushd sub", "popd", "declare -x LEVEL=1"] if writer.is_bash else forms)


def creation(writer: Writer, _: Context) -> str:
    """Return a line that makes an environment, which later lines may activate."""
    name = f"venv{writer.number()}"
    writer.made.append(name)
    # There already, so that an activation on a way that doesn't make it has something to activate.
    writer.toggles.append(Toggle("environment", name, ("there",)))
    return writer.one(
        ["python3 -m venv {}", "python -m venv ./{}", "virtualenv -q {}", "python3 -m venv --clear {}"]
    ).format(name)


def call(writer: Writer, context: Context) -> str:
    """Return the call of a function."""
    if not writer.functions:
        return install(writer, context)
    name = writer.one(writer.functions)
    return writer.weighted(
        [
            (6, name),
            (1, f"{name} || true"),
            (0.5, f"( {name} )"),
            (0.5, f"{name} | cat"),
            (0.3, f"{name} &"),
            (0.3, f"FOO=1 {name}"),
            (0.5, f'PATH="$PWD/.venv/bin:$PATH" {name}'),
        ]
    )


def condition(writer: Writer, context: Context) -> str:
    """Return a command whose status decides something, unknown to the analysis or known to both."""
    forms = [
        (8, "coin"),
        (2, "! coin"),
        (1, "coin && coin"),
        (1, "coin || coin"),
        (1, '[ "$(draw)" = a ]'),
        (1, '[ -n "$(draw)" ]'),
        (1, '[ "$(number)" -gt 0 ]'),
        (1, "true"),
        (1, "false"),
        (0.5, "! true"),
        (0.5, "! false"),
        (0.5, "true && coin"),
        (0.5, "false || coin"),
        (1, '[ -n "$VIRTUAL_ENV" ]'),
        (1, '[ -z "${VIRTUAL_ENV:-}" ]'),
        (0.5, install(writer, context)),
        (0.3, '[ "${VIRTUAL_ENV:+yes}" = yes ]'),
        (0.3, 'test -n "${VIRTUAL_ENV-}"'),
        (0.3, "command -v coin >/dev/null && coin"),
        (0.3, "! ! coin" if writer.is_bash else "! coin"),
        (0.3, "! coin | cat"),
    ]
    if writer.is_bash:
        forms += [(0.3, '[[ -z "$VIRTUAL_ENV" && -z "$CONDA_PREFIX" ]]'), (0.3, "[[ $VIRTUAL_ENV == */venv ]]")]
        forms += [(1, "[[ $(draw) == a* ]]"), (1, '[[ -n "$VIRTUAL_ENV" ]]'), (1, "(( $(number) > 0 ))")]
    if context.is_once and writer.chance(0.3):
        return _machine(writer)
    return writer.weighted(forms)


def _machine(writer: Writer) -> str:
    number = writer.number()
    if writer.chance(0.6):
        writer.toggles.append(Toggle("variable", f"CI{number}", (None, "true")))
        return writer.one([f'[ "$CI{number}" = true ]', f'[ -n "${{CI{number}:-}}" ]', f'test -z "$CI{number}"'])
    if any(toggle.kind == "arguments" for toggle in writer.toggles):
        return "coin"
    writer.toggles.append(Toggle("arguments", "$@", (None, "dev b", "a b", "'' a")))
    return writer.one(['[ "$1" = dev ]', '[ "$#" -gt 0 ]', '[ -n "${1:-}" ]'])


def joinable(writer: Writer, context: Context) -> str:
    """Return a command after which `;`, `&&` or `)` may follow on the same line."""
    while True:
        line = simple(writer, context)
        if "#" not in line.replace("$#", "") and "\n" not in line and not line.endswith("&"):
            return line


def pipeable(writer: Writer, context: Context) -> str:
    """Return a command that may stand behind `|`, where no `!` may."""
    while True:
        line = joinable(writer, context)
        if not line.startswith("!"):
            return line


def quotable(writer: Writer, context: Context) -> str:
    """Return a command that means the same within backticks or double quotes."""
    while True:
        line = joinable(writer, context)
        if not set(line) & set("`$\\\"'"):
            return line


def simple(writer: Writer, context: Context) -> str:
    """Return any one-line command."""
    choose = writer.weighted([(5, install), (3.5, activation), (2.2, undoing), (1, other), (0.5, text), (0.8, call)])
    return choose(writer, context)
