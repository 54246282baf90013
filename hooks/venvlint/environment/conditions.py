"""`test`, `[`, and `[[`: what is known of their answer, and what the answer tells of the state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from venvlint.environment import landing, places
from venvlint.environment.outcome import Outcome, Status
from venvlint.environment.patterns import has_magic, matches, surely_differs, surely_matches
from venvlint.environment.state import ACTIVE_ENVIRONMENT, ACTIVE_VARIABLES, SCRIPT_DIRECTORY, START_DIRECTORY, State
from venvlint.values import OPEN, is_known, is_unknown, unknown

_SURE = re.compile(
    r"(?i)(?:activate|python|pip)(?:3?|\.exe|\.bat|\.ps1|\.fish)|bin|scripts|pyvenv\.cfg"
)  # in an environment
_ABOUT_FILES = {"-d", "-e", "-f", "-x", "-r", "-s", "-L", "-h"}
_PREFIXES = re.compile(
    r"(?:\bprefix\b|real_prefix|base_prefix)[^=!;]{0,40}?(==|!=|is not)"
    r"\s*(?:getattr\()?\s*\(?\s*sys\s*[.,]\s*[\"']?(?:base_|real_)?prefix"
)
_NEVER_EMPTY = {ACTIVE_ENVIRONMENT, SCRIPT_DIRECTORY, START_DIRECTORY, places.HOME, places.SYSTEM_PATH}
_MARKS = {unknown(name): name for name in ACTIVE_VARIABLES}
_LENGTHS = {unknown(f"${{#{name}}}"): name for name in ACTIVE_VARIABLES}
_COUNT = unknown("#")  # of the caller's arguments
_ARITHMETIC = re.compile(r"\s*(?:(\d+)|(\$\{?#\}?|\$\{#\w+\}))\s*(?:(==|!=|<=?|>=?)\s*(\d+)\s*)?")
_OPERATORS = {"==": "-eq", "!=": "-ne", "<": "-lt", "<=": "-le", ">": "-gt", ">=": "-ge"}


def test(argv: Sequence[str], state: State) -> list[Outcome]:
    """Return the ways in which a test can go."""
    words = list(argv[1:])
    if argv[0] in ("[", "[[") and words and words[-1] in ("]", "]]"):
        words.pop()
    guard = _guard(words, state)
    if guard is not None:
        active = state.fork()
        active.assume_active()
        return [Outcome(active, guard), Outcome(state, not guard)]
    if (counts := _counts(words, state)) is not None:
        return counts
    marks = _marks_in(words, state)
    if marks:
        return [*_ways_active(words, marks, state), Outcome(state, _expression(_filled(words, marks, ""), state))]
    return [Outcome(state, _expression(words, state))]


def arithmetic(argv: Sequence[str], state: State) -> list[Outcome]:
    """Return the ways in which `(( ))` can go: known where it does no more than to count arguments or characters."""
    text = argv[1] if len(argv) > 1 else ""
    match = _ARITHMETIC.fullmatch(text)
    if match is not None:
        number, count, operator, bound = match.groups()
        mark = number or (_COUNT if count in ("$#", "${#}") else unknown(count))
        return test(("test", mark, _OPERATORS[operator or "!="], bound or "0"), state)
    if any(name in text and name not in state.variables for name in ACTIVE_VARIABLES):
        active = state.fork()
        active.assume_active()
        state.lose_environment()  # nobody knows what the script makes of it
        return [Outcome(active), Outcome(state)]
    return [Outcome(state)]


def _counts(words: list[str], state: State) -> list[Outcome] | None:
    """Return the ways of a test of how many arguments the caller gave, or how long the path of an environment is.

    There are none, or some. None where the test asks for neither.
    """
    mark = next((word for word in words if word == _COUNT or word in _LENGTHS), "")
    if not mark or (state.positional is not None if mark == _COUNT else _LENGTHS[mark] in state.variables):
        return None
    none, some = state, state.fork()
    if mark == _COUNT:
        none.positional = ()
    else:
        some.assume_active()
    # From two on, all counts compare alike with nothing and with one.
    answers = {_expression(_filled(words, [mark], count), some) for count in ("1", "2")}
    is_told = all(word in "01" for word in words if word.isdigit())
    status = answers.pop() if is_told and len(answers) == 1 else None
    return [Outcome(some, status), Outcome(none, _expression(_filled(words, [mark], "0"), none))]


def asked(word: str, state: State) -> str:
    """Return the variable whose value a word is, if it says what is active and the script hasn't set it; else ""."""
    name = _MARKS.get(word, "")
    return "" if name in state.variables else name


def _marks_in(words: list[str], state: State) -> list[str]:
    """Return the marks of variables that say what is active, which a test asks about in one way or another."""
    if not any(OPEN in word for word in words):
        return []
    return [
        mark for mark, name in _MARKS.items() if name not in state.variables and any(mark in word for word in words)
    ]


def _ways_active(words: list[str], marks: list[str], state: State) -> Iterator[Outcome]:
    """Yield how a test goes where one of the variables is set."""
    for mark in marks:
        active = state.fork()
        active.assume_active()
        others = [other for other in marks if other != mark]
        yield Outcome(active, _expression(_filled(_filled(words, others, ""), [mark], ACTIVE_ENVIRONMENT), active))


def _filled(words: list[str], marks: list[str], value: str) -> list[str]:
    """Return words with a value in the place of some variables."""
    for mark in marks:
        words = [word.replace(mark, value) for word in words]
    return words


def of_prefix(code: str, state: State) -> list[Outcome] | None:
    """Return the ways of a Python one-liner that compares `sys.prefix` with `sys.base_prefix`; None if it's no such."""
    match = _PREFIXES.search(code)
    if match is None:
        return None
    is_active_if_true = match[1] in ("!=", "is not")
    if re.search(r"exit\(\s*(?:not\s*\(?\s*)?(?:int\(|bool\()?\s*\(?\s*(?:sys\.)?(?:base_)?prefix", code):
        succeeds_if_true = "not" in code[: match.start()]  # sys.exit(True) is a failure
    else:
        succeeds_if_true = re.search(r"exit\(\s*1\s+if|if\b[^:]*:\s*(?:sys\.)?exit\(\s*[1-9\"']", code) is None
    succeeds_if_active = is_active_if_true == succeeds_if_true
    if landing.on_path(state).where == "environment":
        return [Outcome(state, succeeds_if_active)]
    active = state.fork()
    active.assume_active()
    return [Outcome(active, succeeds_if_active), Outcome(state, not succeeds_if_active)]


def _guard(words: list[str], state: State) -> bool | None:
    """Return what the test says where an environment is active; None if it doesn't ask that."""
    is_negated = False
    while words[:1] == ["!"]:
        words, is_negated = words[1:], not is_negated
    if len(words) == 2 and words[0] == "-v" and words[1] in ACTIVE_VARIABLES and words[1] not in state.variables:
        return not is_negated
    if sum(asked(word.removeprefix("x"), state) != "" for word in words) != 1 or len(words) > 3:
        return None
    if len(words) == 1 or (len(words) == 2 and words[0] == "-n"):
        return not is_negated
    if len(words) == 2 and words[0] == "-z":
        return is_negated
    if len(words) == 3 and set(words) & {"", "x"}:
        if words[1] in ("=", "=="):
            return is_negated
        if words[1] == "!=":
            return not is_negated
    return None


def _expression(words: list[str], state: State) -> Status:
    """Evaluate as far as the parts are known, `||` binding weaker than `&&`."""
    for operator, decisive in (("||", True), ("-o", True), ("&&", False), ("-a", False)):
        if operator in words[1:-1]:
            index = words.index(operator, 1)
            left, right = _expression(words[:index], state), _expression(words[index + 1 :], state)
            if left is decisive or right is decisive:
                return decisive
            return None if left is None or right is None else not decisive
    if words[:1] == ["!"] and len(words) > 1:
        inner = _expression(words[1:], state)
        return None if inner is None else not inner
    if len(words) == 1:
        return is_set(words[0])
    if len(words) == 2:
        return _unary(words[0], words[1], state)
    return _binary(*words) if len(words) == 3 else None


def is_set(word: str) -> Status:
    """Tell whether a word isn't empty."""
    if is_known(word):
        return word != ""
    return None if is_unknown(word) and word not in _NEVER_EMPTY else True


def _unary(operator: str, operand: str, state: State) -> Status:
    if operator in ("-n", "-z"):
        answer = is_set(operand)
        return answer if answer is None or operator == "-n" else not answer
    if operator == "-v":
        found = state.variables.get(operand)
        return None if found is None else found.value is not None
    if operator in _ABOUT_FILES:
        return False if operand == "" else _exists(operator, operand, state)
    return None


def _exists(operator: str, operand: str, state: State) -> Status:
    """Tell whether a path exists: known of what the script made itself."""
    path = places.normal(operand, state.cwd)
    if any(f"{path}/".startswith(f"{gone}/") for gone in state.gone):
        return False
    if path in state.created:
        return operator not in ("-f", "-L", "-h") or f"env:{path}" not in state.created
    for made in state.created:
        if made.startswith("env:") and path.startswith(f"{made[4:]}/"):
            return True if _SURE.fullmatch(path.rsplit("/", 1)[-1]) else None
    return None


def _binary(left: str, operator: str, right: str) -> Status:
    if "" in (left, right) and is_set(left or right):
        return {"=": False, "==": False, "!=": True}.get(operator)
    if not (is_known(left) and is_known(right)):
        if surely_differs(left, right):
            return {"=": False, "==": False, "!=": True}.get(operator)
        is_match = left == right or surely_matches(left, right)
        return {"=": True, "==": True, "!=": False}.get(operator) if is_match else None
    if operator in ("=", "=="):
        return left == right or (matches(left, right) if has_magic(right) else False)
    if operator == "!=":
        return left != right and not (has_magic(right) and matches(left, right))
    numbers = {
        "-eq": int.__eq__,
        "-ne": int.__ne__,
        "-lt": int.__lt__,
        "-le": int.__le__,
        "-gt": int.__gt__,
        "-ge": int.__ge__,
    }
    if operator in numbers and left.isdigit() and right.isdigit():
        return bool(numbers[operator](int(left), int(right)))
    return None
