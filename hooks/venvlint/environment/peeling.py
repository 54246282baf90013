"""Which words of a command that runs another one are its own, and what it changes for the other one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from venvlint.environment.wrappers import DOCKER_VALUES, RUNNERS, WRAPPERS, Wrapper

_CONTAINERS = ("docker", "docker-compose", "nerdctl", "podman")
_NUMBERED_NICE = re.compile(r"-\d+")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


@dataclass(slots=True)
class Peeled:
    """What a wrapper leaves: the index of the command's first word, and what it changes."""

    index: int
    wrapper: Wrapper
    assignments: list[tuple[str, str]] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    is_cleared: bool = False  # env -i
    options: list[str] = field(default_factory=list)
    # An environment that the wrapper chooses: "base" is conda's, "" the one of conda's that is active, else base.
    environment: str | None = None


def peel(name: str, argv: Sequence[str]) -> Peeled | None:
    """Read a wrapper's own words; None where it runs nothing (`sudo -v`, `command -v pip`)."""
    if name in RUNNERS:
        return _runner(name, argv)
    if name == "pyenv":  # the Python of a version, unless `pyenv local` has named an environment
        return Peeled(2, Wrapper()) if "exec" in argv[1:2] and len(argv) > 2 else None
    if name == "find":
        runs = [index for index, word in enumerate(argv[:-1]) if word in ("-exec", "-execdir", "-ok")]
        return Peeled(runs[0] + 1, Wrapper()) if runs and argv[runs[0] + 1] != "rm" else None
    if name in _CONTAINERS or (name == "kubectl" and "exec" in argv[1:2]):
        return _container(argv)
    wrapper = WRAPPERS.get(name)
    if wrapper is None or (name == "flock" and "-c" in argv):
        return None
    peeled = Peeled(0, wrapper)
    index = _own_words(name, wrapper, argv, peeled)
    index = _operands(wrapper, argv, index, peeled)
    if index >= len(argv):
        return None
    if name == "command" and any(option.lstrip("-").strip("p") for option in peeled.options):
        return None
    peeled.index = index
    return peeled


def _own_words(name: str, wrapper: Wrapper, argv: Sequence[str], peeled: Peeled) -> int:
    """Return the index behind a wrapper's options, which are noted."""
    index = 1
    while index < len(argv):
        word = argv[index]
        if not word.startswith("-") or word == "-":
            if word == "-" and name == "env":
                peeled.is_cleared = True
                index += 1
                continue
            break
        if word == "--":
            return index + 1
        index += 1
        peeled.options.append(word)
        option, has_value, value = word.partition("=")
        if not word.startswith("--") and len(word) > 2 and word[:2] in wrapper.values:
            option, value, has_value = word[:2], word[2:], "="  # -uapp
        elif not word.startswith("--") and len(word) > 2 and f"-{word[-1]}" in wrapper.values:
            option = f"-{word[-1]}"  # -Hu app
        if option in wrapper.values and not has_value and index < len(argv):
            if name == "nice" and _NUMBERED_NICE.fullmatch(word):
                continue
            value = argv[index]
            index += 1
        if name == "env":
            _env_option(word, option, value, peeled)
    return index


def _env_option(word: str, option: str, value: str, peeled: Peeled) -> None:
    if option in ("-u", "--unset"):
        peeled.unset.append(value)
    elif word == "--ignore-environment" or (not word.startswith("--") and "i" in word and option not in ("-S", "-C")):
        peeled.is_cleared = True


def _operands(wrapper: Wrapper, argv: Sequence[str], index: int, peeled: Peeled) -> int:
    """Return the index behind assignments and operands."""
    while wrapper.takes_assignments and index < len(argv) and _ASSIGNMENT.match(argv[index]):
        variable, _, value = argv[index].partition("=")
        peeled.assignments.append((variable, value))
        index += 1
    return index + wrapper.operands


def _runner(name: str, argv: Sequence[str]) -> Peeled | None:
    """Read `conda run -n X`, `poetry run`, and the like."""
    index, environment = 1, ""
    values = RUNNERS[name]
    seen_run = False
    while index < len(argv):
        word = argv[index]
        if word == "run" and not seen_run:
            seen_run = True
        elif word.startswith("-"):
            option, has_value, value = word.partition("=")
            if option in values:
                if not has_value and index + 1 < len(argv):
                    index += 1
                    value = argv[index]
                if option in ("-n", "--name", "-p", "--prefix"):
                    environment = value
            elif word == "--":
                index += 1
                break
        else:
            break
        index += 1
    if not seen_run or index >= len(argv):
        return None
    if not environment and name not in ("conda", "mamba"):
        environment = f"{name}'s environment"
    return Peeled(index, Wrapper(), environment=environment)


def _container(argv: Sequence[str]) -> Peeled | None:
    """Read `docker run IMAGE command`, `docker exec CONTAINER command`, also behind `compose`."""
    words = [index for index, word in enumerate(argv) if word in ("run", "exec")]
    if not words or words[0] > 6:
        return None
    index = words[0] + 1
    while index < len(argv) and argv[index].startswith("-") and argv[index] != "--":
        index += 2 if _has_value(argv[index]) else 1
    index += argv[index : index + 1] == ["--"]
    index += 1  # the image, container, or service
    index += argv[index : index + 1] == ["--"]
    if index >= len(argv):
        return None
    return Peeled(index, Wrapper(path="elsewhere"))


def _has_value(option: str) -> bool:
    """Tell whether the word behind one of docker's options is its value: behind `-itu`, too."""
    if option in DOCKER_VALUES:
        return True
    is_cluster = len(option) > 2 and option[1] in "itdP" and "=" not in option
    return is_cluster and f"-{option[-1]}" in DOCKER_VALUES
