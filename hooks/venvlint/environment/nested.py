"""Code inside of code: `eval`, `source`, `bash -c`, `su -c`, and what is fed to a shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from venvlint.environment import places
from venvlint.environment.expand import Field, Piece, joined
from venvlint.environment.frame import Frame
from venvlint.environment.outcome import Outcome, merged
from venvlint.environment.state import SCRIPT_DIRECTORY, START_DIRECTORY, Activation, State, shown_environment
from venvlint.model import Shell
from venvlint.shells import tree
from venvlint.source import Offsets, Source
from venvlint.values import CLOSE, OPEN, is_known, is_unknown, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

SHELLS = {
    "bash": "bash",
    "sh": "sh",
    "dash": "sh",
    "ash": "sh",
    "zsh": "zsh",
    "ksh": "ksh",
    "fish": "fish",
    "csh": "csh",
    "tcsh": "csh",
}
_BUSYBOX = "busybox"
_LARGEST_SOURCE = 1_000_000  # characters of a sourced file that is read
_MOST_SOURCES = 40

# Files that people source which activate nothing: profiles, settings, and set-up scripts of other tools.
_HARMLESS = re.compile(
    r"""(?:.*/)?(?:
        \.?(?:bash|zsh|k?sh|profile|zprofile)(?:rc|_profile|_aliases|env)? | \.profile | profile
      | \.?env(?:rc)?(?:\..*)? | .*\.env | cargo/env | environment | os-release | lsb-release
      | nvm\.sh | conda\.sh | mamba\.sh | micromamba\.sh | virtualenvwrapper(?:_lazy)?\.sh
      | asdf\.sh | sdkman-init\.sh | rvm
      | setup\.(?:ba|z|)sh | local_setup\.(?:ba|z|)sh | setvars\.sh | compilervars\.sh | vars\.sh | mpivars\.sh
      | thisroot\.sh | geant4\.sh
      | .*completion.* | functions | .*\.conf | \.?config | lib\.sh | colors?\.sh | log(?:ging|ger)?\.sh
      | messages?\.sh | variables?\.sh | version\.sh
    )""",
    re.VERBOSE,
)
_HARMLESS_EVAL = re.compile(
    r"conda|mamba|pyenv|direnv|ssh-agent|brew|rbenv|nodenv|starship|dircolors|lesspipe|keychain|completion"
    r"|register-python-argcomplete|opam|luarocks|fnm|zoxide|docker-machine|minikube|getopt|resize|thefuck|jenv"
    r"|cat |grep|sed|jq|printf|echo"
)


def run_code(run: Evaluator, field: Field, node: tree.Command, state: State, shell: Shell, name: str) -> list[Outcome]:
    """Run code that a word holds, in `state`, as a shell of its own."""
    body, frame = run.code(field, node, shell)
    state.shell = shell
    stdin, run.stdin = run.stdin, None
    tested, run.is_tested = run.is_tested, False
    outcomes = run.shell(body, state, frame)
    run.stdin, run.is_tested = stdin, tested
    return outcomes


def evaluate(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`eval words`: the words, joined, are code of the running shell."""
    field: Field = []
    for index, part in enumerate(call.fields[1:]):
        field.extend([Piece(" ")] if index else [])
        field.extend(part)
    text = joined(field)
    if not text.strip():
        return [Outcome(state, True)]
    if is_unknown(text.strip()):
        return _evaluate_unknown(run, call, state)
    body, frame = run.code(field, call.node, state.shell)
    return run.inside(body, state, frame)


def _evaluate_unknown(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`eval "$(...)"`: told by the command whose output it is."""
    written = run.frame.text[call.node.start : call.node.end]
    if re.search(r"\b(?:env activate|activate|shell\.bash activate)\b", written) and "hook" not in written:
        _activate(run, call, state, unknown("eval"))
    elif ("$(" in written or "`" in written) and not _HARMLESS_EVAL.search(written):
        state.lose_environment()
    return [Outcome(state)]


def run_shell(run: Evaluator, call: Call, state: State, name: str) -> list[Outcome] | None:
    """Run `bash -c code`, `bash <<EOF`, `... | sh`, `su - app -c code`; None where the command is no shell."""
    if name in ("su", "runuser") or (name in ("flock", "script") and "-c" in call.argv):
        return _switch_user(run, call, state)
    if name == "ssh" and run.stdin is not None:  # with a command, it's a wrapper
        return _child(run, call, state, State("sh"), run.stdin, "ssh")
    if name == "env" and call.argv[1:2] in (("-S",), ("--split-string",)) and len(call.fields) > 2:
        return _child(run, call, state, state.child(), call.fields[2], "env -S")
    argv = call.argv
    if name == _BUSYBOX and len(argv) > 1 and argv[1] in ("sh", "ash"):
        return run_shell(run, call.behind(1), state, "sh")
    is_sudo_shell = name == "sudo"
    shell = SHELLS.get(name)
    if shell is None and not is_sudo_shell:
        return None
    index, options, has_code = _shell_options(argv)
    inner = state.child(cast(Shell, shell or "bash"))
    inner.options = frozenset("e" if "e" in options else "")
    if ("l" in options or "--login" in argv) and inner.found_on_path().where == "environment":
        inner.lose_environment()  # /etc/profile may set PATH anew
    if has_code:
        if index >= len(argv):
            return [Outcome(state)]
        inner.positional = tuple(argv[index + 2 :])
        if index + 1 < len(argv):
            inner.set("0", argv[index + 1])
        return _child(run, call, state, inner, call.fields[index], f"{name} -c")
    if index < len(argv) and "s" not in options:
        effects = _activation_executed(run, call, state, argv[index])
        return effects or [Outcome(state)]
    if run.stdin is None:
        return [Outcome(state)]
    inner.positional = tuple(argv[index:])
    heredoc = next((each for each in call.node.redirects if each.operator == "<<"), None)
    name = "heredoc" if heredoc is not None else f"{name} fed by a pipe"
    return _child(run, call, state, inner, run.stdin, name, heredoc.end if heredoc is not None else None)


def _shell_options(argv: tuple[str, ...]) -> tuple[int, str, bool]:
    """Return the index of the first word that isn't an option, the options' letters, and whether `-c` is one."""
    index, options = 1, ""
    while index < len(argv) and argv[index][:1] in ("-", "+") and len(argv[index]) > 1:
        word = argv[index]
        index += 1
        if word == "--":
            break
        if word.startswith("--"):
            index += word in ("--rcfile", "--init-file")
            continue
        options += word[1:]
        if word[-1] in "oO":
            if argv[index : index + 1] == ("errexit",):
                options += "e"
            index += 1
    return index, options, "c" in options


def _child(
    run: Evaluator, call: Call, state: State, inner: State, code: Field, name: str, end: int | None = None
) -> list[Outcome]:
    """Run code in a new process and keep what lasts of it."""
    if is_unknown(joined(code).strip()):
        return [Outcome(state)]
    outcomes = run_code(run, code, call.node, inner, inner.shell, name)
    run.leave(state, outcomes, call.node, name, end)
    statuses = {end.status for end in outcomes}
    return [Outcome(state, statuses.pop() if len(statuses) == 1 else None)]


def _switch_user(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """`su - app -c code`, `runuser -u app -- command`: a login shell starts with a PATH of its own."""
    argv = call.argv
    if "-c" in argv or "--command" in argv:
        index = argv.index("-c" if "-c" in argv else "--command") + 1
        if index >= len(argv):
            return [Outcome(state)]
        inner = state.child("bash")
        if any(word in ("-", "-l", "--login") for word in argv):
            inner.variables = State("bash").variables
            inner.activation = None
        return _child(run, call, state, inner, call.fields[index], "su -c")
    if "--" in argv:
        from venvlint.environment import call as calls

        inner = state.fork()
        outcomes = calls.run_call(run, call.behind(argv.index("--") + 1, is_external=True), inner)
        run.leave(state, outcomes, call.node, "command")
        return [Outcome(state)]
    if run.stdin is not None:
        return _child(run, call, state, State("bash"), run.stdin, "su")
    return [Outcome(state)]


# source


def source(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`source file`, `. file`: an environment's activation, a file of the repository, or something unknown."""
    words = [word for word in call.argv[1:] if word != "--"]
    if not words:
        return [Outcome(state)]
    path = words[0].replace("\\", "/")
    activates = is_activation(path)
    if call.argv[0] == "source" and state.shell == "sh":
        if activates:
            reason = "sh has no `source`: the activation fails, and what follows runs without it"
            _blame(run, call, state, reason, path)
        return [Outcome(state, False)]
    active = state.found_on_path()
    if path == "activate" and len(words) == 1 and active.where == "environment":
        _activate(run, call, state, active.environment)  # `. activate` is looked up on PATH
        return [Outcome(state, True)]
    if path == "activate" or (activates and _is_conda_base(path)):
        return _activate_conda(run, call, state, words)
    if activates:
        prefix = _activated_prefix(path, state)
        _activate(run, call, state, prefix)
        return [Outcome(state, True)]
    if path.startswith(("/dev/fd", "/proc/")) or OPEN + "substitution" in path:
        return _source_unknown(run, call, state)
    found = _find(run, path, state)
    if found is None:
        if not _HARMLESS.fullmatch(path.replace(OPEN, "").replace(CLOSE, "")) and not path.startswith(
            ("/etc/", "/usr/", "/opt/ros/", "/opt/intel/")
        ):
            state.lose_environment()
        return [Outcome(state)]
    return _run_file(run, call, state, *found, words[1:])


def is_activation(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return (
        name in ("activate", "activate.sh", "activate.bash", "activate.zsh") and ("/" in path or name == "activate")
    ) or path.endswith(("bin/activate", "Scripts/activate"))


def _is_conda_base(path: str) -> bool:
    prefix = places.prefix_of(path.rpartition("/")[0])
    return prefix is not None and places.kind_of_prefix(prefix) == "base"


def _activated_prefix(path: str, state: State) -> str:
    """Return the environment that an activate script belongs to."""
    directory = path.rpartition("/")[0]
    if directory in ("", "."):
        directory = state.cwd
    directory = places.normal(directory, state.cwd)
    return places.prefix_of(directory) or directory


def _activate(run: Evaluator, call: Call, state: State, prefix: str) -> None:
    path, span = run.site(call.node)
    state.activate(prefix, Activation(shown_environment(prefix), path, span))


def _activate_conda(run: Evaluator, call: Call, state: State, words: list[str]) -> list[Outcome]:
    """`source activate NAME`, `source ~/miniconda3/bin/activate NAME`."""
    names = [word for word in words[1:] if not word.startswith("-")]
    name = names[0] if names else ""
    path, span = run.site(call.node)
    state.activate_conda(name, Activation(name, path, span))
    return [Outcome(state, True)]


def _activation_executed(run: Evaluator, call: Call, state: State, program: str) -> list[Outcome] | None:
    """`bash venv/bin/activate` runs in a shell of its own, and is gone with it."""
    if not is_activation(program.replace("\\", "/")):
        return None
    blame_executed(run, call, state, program)
    return [Outcome(state, True)]


def blame_executed(run: Evaluator, call: Call, state: State, program: str) -> None:
    """Note an activate script that is executed rather than sourced."""
    _blame(run, call, state, "an activate script that is executed changes only its own shell: source it", program)


def _blame(run: Evaluator, call: Call, state: State, reason: str, path: str) -> None:
    site = run.site(call.node)
    text = run.frame.text[call.node.start : call.node.end]
    environment = shown_environment(_activated_prefix(path, state))
    run.recorder.ineffective(site, text, reason, environment)
    state.ineffective = (Activation(environment, *site), reason)
    state.loss = None  # the nearer cause
    state.remember(environment)


def _source_unknown(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    written = run.frame.text[call.node.start : call.node.end]
    if not _HARMLESS_EVAL.search(written):
        state.lose_environment()
    return [Outcome(state)]


def _find(run: Evaluator, path: str, state: State) -> tuple[str, bytes] | None:
    """Return the path in the repository and the bytes of a sourced file."""
    own = run.recorder.path.rpartition("/")[0]
    absolute = places.normal(path, state.cwd)
    for root, bases in ((SCRIPT_DIRECTORY, (own,)), (START_DIRECTORY, (own, ""))):
        if absolute.startswith(f"{root}/"):
            rest = absolute.removeprefix(f"{root}/")
            if not is_known(rest):
                return None
            for base in bases:
                candidate = places.normal(f"{base}/{rest}" if base else rest)
                data = run.read(candidate) if not candidate.startswith(("..", "/")) else None
                if data is not None:
                    return candidate, data
            return None
    if OPEN in absolute and is_known(rest := absolute.partition(f"{CLOSE}/")[2]) and rest:
        for base in (own, ""):  # "$HERE/common.sh": a variable that most likely is the script's own directory
            candidate = places.normal(f"{base}/{rest}" if base else rest)
            data = run.read(candidate) if not candidate.startswith(("..", "/")) else None
            if data is not None:
                return candidate, data
    return None


def _run_file(run: Evaluator, call: Call, state: State, path: str, data: bytes, arguments: list[str]) -> list[Outcome]:
    """Run a sourced file in the running shell."""
    if path in run.sourcing or len(run.sourcing) > _MOST_SOURCES or len(data) > _LARGEST_SOURCE:
        return [Outcome(state)]
    text = Source(path, data).text
    from venvlint.environment.evaluate import parse

    positional = state.positional
    if arguments:
        state.positional = tuple(arguments)
    run.sourcing.append(path)
    outcomes = run.inside(parse(text, state.shell), state, Frame(path, text, state.shell, Offsets.shifted(0)))
    run.sourcing.pop()
    ended = []
    for end in outcomes:
        if arguments:
            end.state.positional = positional
        ended.append(end._replace(ending="normal") if end.ending == "return" else end)
    return merged(ended)
