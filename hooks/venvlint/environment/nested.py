"""Code inside of code: `eval`, `bash -c`, `su -c`, and what is fed to a shell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.environment import activation, harmless, landing, places
from venvlint.environment.fields import Field, joined, spaced
from venvlint.environment.outcome import Outcome, status_of
from venvlint.environment.state import State, Variable
from venvlint.model import SHELLS, Shell
from venvlint.shells import tree
from venvlint.values import is_unknown, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_SHELLS = {name: shell for name, shell in SHELLS.items() if shell not in ("cmd", "pwsh")}  # those: see windows
_CODE_OPTION = re.compile(r"-[a-z]*c|--command|--session-command")
_LOGIN_OPTION = re.compile(r"-|-[a-bd-z]*l[a-z]*|--login")
_SUDO_SHELL = re.compile(r"-[A-Za-z]*[is]|--login|--shell")
_BUSYBOX = "busybox"


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
    field = spaced(call.fields[1:])
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
        activation.activate(run, call, state, unknown("eval"))
    elif ("$(" in written or "`" in written) and not harmless.EVALUATED.search(written):
        state.lose_environment()
    return [Outcome(state)]


def run_shell(run: Evaluator, call: Call, state: State, name: str) -> list[Outcome] | None:
    """Run `bash -c code`, `bash <<EOF`, `... | sh`, `su - app -c code`; None where the command is no shell."""
    if name in ("sudo", "doas"):  # with a command, it's a wrapper
        return _elevated(run, call, state)
    if name in ("su", "runuser") or (name in ("flock", "script") and "-c" in call.argv):
        return _switch_user(run, call, state)
    if name == "ssh" and run.stdin is not None:  # with a command, it's a wrapper
        return run_child(run, call, state, State("sh"), run.stdin, "ssh")
    if name == "env" and call.argv[1:2] in (("-S",), ("--split-string",)) and len(call.fields) > 2:
        return run_child(run, call, state, state.child(), call.fields[2], "env -S")
    argv = call.argv
    if name == _BUSYBOX and len(argv) > 1 and argv[1] in ("sh", "ash"):
        return run_shell(run, call.behind(1), state, "sh")
    shell = _SHELLS.get(name)
    if shell is None:
        return None
    index, options, has_code = _shell_options(argv)
    inner = state.child(shell)
    inner.options = frozenset("e" if "e" in options else "")
    if ("l" in options or "--login" in argv) and landing.on_path(inner).where == "environment":
        inner.set("PATH", f"{places.LOGIN_PATH}:{inner.path}")  # /etc/profile may set PATH anew
    if has_code:
        if index >= len(argv):
            return [Outcome(state)]
        inner.positional = tuple(argv[index + 2 :])
        if index + 1 < len(argv):
            inner.set("0", argv[index + 1])
        return run_child(run, call, state, inner, call.fields[index], f"{name} -c")
    if index < len(argv) and "s" not in options:
        if not activation.is_script(argv[index].replace("\\", "/")):
            return [Outcome(state)]
        activation.blame_executed(run, call, state, argv[index])
        return [Outcome(state, True)]
    if run.stdin is None:
        return [Outcome(state)]
    inner.positional = tuple(argv[index:])
    heredoc = next((each for each in call.node.redirects if each.operator == "<<"), None)
    name = "heredoc" if heredoc is not None else f"{name} fed by a pipe"
    return run_child(run, call, state, inner, run.stdin, name, heredoc.end if heredoc is not None else None)


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


def run_child(
    run: Evaluator, call: Call, state: State, inner: State, code: Field, name: str, end: int | None = None
) -> list[Outcome]:
    """Run code in a new process and keep what lasts of it."""
    if is_unknown(joined(code).strip()):
        return [Outcome(state)]
    outcomes = run_code(run, code, call.node, inner, inner.shell, name)
    run.leave(state, outcomes, call.node, name, end)
    return [Outcome(state, status_of(outcomes))]


def elevate(state: State, *, keeps: bool = False) -> None:
    """Do what sudo does to its command: it runs as root, with a PATH of the system's own.

    The caller's other variables are gone unless sudo is told to keep them.
    """
    home = Variable(state.get("HOME"), True)
    if not keeps:
        state.forget_variables()
        state.variables["HOME"] = home
    state.variables["PATH"] = Variable(places.SYSTEM_PATH, True)
    state.activation = None
    state.is_elevated = True


def _elevated(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """`sudo -i <<EOF`, `... | sudo -s`: a shell as root."""
    if run.stdin is None or not any(_SUDO_SHELL.fullmatch(word) for word in call.argv[1:]):
        return None
    inner = state.child("bash")
    elevate(inner)
    return run_child(run, call, state, inner, run.stdin, call.argv[0])


def _switch_user(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """`su - app -c code`, `runuser -u app -- command`: a login shell starts with a PATH of its own."""
    argv = call.argv
    code = next((at for at, word in enumerate(argv) if _CODE_OPTION.fullmatch(word)), None)
    if code is not None:
        if code + 1 >= len(argv):
            return [Outcome(state)]
        inner = state.child("bash")
        if any(_LOGIN_OPTION.fullmatch(word) for word in argv[1 : code + 1]) or set(argv[code + 2 :]) & {"-", "-l"}:
            inner.forget_variables()
        return run_child(run, call, state, inner, call.fields[code + 1], "su -c")
    start = argv.index("--") + 1 if "--" in argv else argv.index("-u") + 2 if "-u" in argv else len(argv)
    if start < len(argv):
        inner = state.fork()
        outcomes = run.call(call.behind(start, is_external=True), inner)
        run.leave(state, outcomes, call.node, "command")
        return [Outcome(state)]
    if run.stdin is not None:
        return run_child(run, call, state, State("bash"), run.stdin, "su")
    return [Outcome(state)]
