"""Commands that run another command: which of their words are their own, and what they change for the other one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from venvlint.values import OPEN, is_known


@dataclass(frozen=True, slots=True)
class Wrapper:
    """How a wrapper's words are read: options that take a value, and how many operands stand before the command."""

    values: frozenset[str] = frozenset()
    operands: int = 0
    is_function: bool = False  # it runs functions and built-ins of the shell, too
    takes_assignments: bool = False
    # "system": PATH is a fixed one; "elsewhere": another machine or root, of which nothing is known here
    path: str = ""
    is_script: bool = False  # a single word with blanks is a script of its own (watch, ssh, parallel)
    adds_words: bool = False  # from what it reads: xargs


def _options(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SUDO = _options(
    "-u --user -g --group -h --host -p --prompt -C --close-from -D --chdir -R --chroot -r --role -t --type -T"
    " --command-timeout -U --other-user -c --login-class -a"
)

# Options are those of the tools' own manuals: sudo(8), env(1), timeout(1), nice(1), ionice(1), xargs(1), stdbuf(1), ...
WRAPPERS: dict[str, Wrapper] = {
    "builtin": Wrapper(is_function=True),
    "caffeinate": Wrapper(_options("-t -w")),
    "chpst": Wrapper(_options("-u -U -b -d -e -n -l -L -m -o -p -f -c -r -t")),
    "chroot": Wrapper(_options("--userspec --groups"), 1, path="elsewhere"),
    "command": Wrapper(is_function=True),
    "coproc": Wrapper(),
    "dbus-run-session": Wrapper(_options("--config-file --dbus-daemon")),
    "doas": Wrapper(_options("-u -C"), path="system"),
    "env": Wrapper(_options("-u --unset -C --chdir -S --split-string"), takes_assignments=True),
    "exec": Wrapper(_options("-a")),
    "fakeroot": Wrapper(_options("-l -s -i -b")),
    "flock": Wrapper(_options("-w --timeout -E --conflict-exit-code"), 1),
    "gosu": Wrapper(operands=1),
    "ionice": Wrapper(_options("-c --class -n --classdata -p --pid")),
    "chronic": Wrapper(),
    "linux32": Wrapper(),
    "linux64": Wrapper(),
    "ltrace": Wrapper(_options("-o -e")),
    "nice": Wrapper(_options("-n --adjustment")),
    "nohup": Wrapper(),
    "numactl": Wrapper(_options("-m -N -C -i -p")),
    "parallel": Wrapper(
        _options("-j --jobs -a --arg-file -I -n -N --max-args --delay --retries --joblog -S"),
        is_script=True,
        adds_words=True,
    ),
    "proxychains": Wrapper(_options("-f")),
    "proxychains4": Wrapper(_options("-f")),
    "retry": Wrapper(_options("-t -n -d -s -m -r --times --delay --tries --max-tries --until --sleep")),
    "setpriv": Wrapper(_options("--reuid --regid --groups")),
    "setsid": Wrapper(),
    "ssh": Wrapper(
        _options("-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w"), 1, path="elsewhere", is_script=True
    ),
    "stdbuf": Wrapper(_options("-i -o -e --input --output --error")),
    "strace": Wrapper(_options("-o -e -p -s")),
    "su-exec": Wrapper(operands=1),
    "sudo": Wrapper(_SUDO, takes_assignments=True, path="system"),
    "systemd-run": Wrapper(_options("-p --property --unit -u --slice -E --setenv")),
    "taskset": Wrapper(_options("-p"), 1),
    "time": Wrapper(_options("-f --format -o --output"), is_function=True),
    "timeout": Wrapper(_options("-k --kill-after -s --signal"), 1),
    "travis_retry": Wrapper(is_function=True),
    "travis_wait": Wrapper(is_function=True),
    "tsocks": Wrapper(),
    "unbuffer": Wrapper(),
    "unshare": Wrapper(_options("-S -G -R -w")),
    "watch": Wrapper(_options("-n --interval"), is_script=True),
    "winpty": Wrapper(),
    "wsl": Wrapper(_options("-d --distribution -u --user --cd -t --shell-type"), path="elsewhere"),
    "xargs": Wrapper(
        _options("-a --arg-file -d --delimiter -E -I -L --max-lines -n --max-args -P --max-procs -s --max-chars"),
        adds_words=True,
    ),
    "xvfb-run": Wrapper(
        _options("-e --error-file -f --auth-file -n --server-num -p --xauth-protocol -s --server-args -w --wait")
    ),
}
# Commands that run another one inside an environment that they choose themselves.
_RUNNERS = {
    "conda": _options("-n --name -p --prefix --cwd"),
    "hatch": _options("-e --env"),
    "mamba": _options("-n --name -p --prefix --cwd"),
    "micromamba": _options("-n --name -p --prefix --cwd -r --root-prefix"),
    "pdm": _options("-p --project -e"),
    "pipenv": frozenset[str](),
    "pixi": _options("-e --environment --manifest-path"),
    "poetry": _options("-C --directory -P --project"),
    "rye": frozenset[str](),
    "uv": _options(
        "--with --python -p --extra --group --package --project --directory --with-requirements --env-file --index"
    ),
}
_DOCKER_VALUES = _options(
    "-a -c -e -h -l -m -p -u -v -w --add-host --cap-add --cpus --device --dns --entrypoint --env --env-file"
    " --expose --gpus --hostname --ip --label --link --log-driver --memory --mount --name --net --network --platform"
    " --pull --restart --runtime --security-opt --shm-size --tmpfs --ulimit --user --userns --volume --volumes-from"
    " --workdir"
)
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
    environment: str | None = None  # an environment that the wrapper chooses: "base" is conda's


def peel(name: str, argv: Sequence[str]) -> Peeled | None:
    """Read a wrapper's own words; None where it runs nothing (`sudo -v`, `command -v pip`)."""
    if name in _RUNNERS:
        return _runner(name, argv)
    if name == "find":
        runs = [index for index, word in enumerate(argv[:-1]) if word in ("-exec", "-execdir", "-ok")]
        return Peeled(runs[0] + 1, Wrapper()) if runs and argv[runs[0] + 1] != "rm" else None
    if name in ("docker", "podman", "nerdctl") or (name == "kubectl" and "exec" in argv[1:2]):
        return _container(argv)
    if name == "docker-compose":
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
    values = _RUNNERS[name]
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
    return Peeled(index, Wrapper(), environment=environment or f"{name}'s environment")


def _container(argv: Sequence[str]) -> Peeled | None:
    """Read `docker run IMAGE command`, `docker exec CONTAINER command`, also behind `compose`."""
    words = [index for index, word in enumerate(argv) if word in ("run", "exec")]
    if not words or words[0] > 6:
        return None
    index = words[0] + 1
    while index < len(argv) and argv[index].startswith("-") and argv[index] != "--":
        option = argv[index]
        index += (
            2
            if option in _DOCKER_VALUES
            or (
                len(option) > 2
                and option[1] != "-"
                and f"-{option[-1]}" in _DOCKER_VALUES
                and "=" not in option
                and option[1] in "itdP"
            )
            else 1
        )
    index += argv[index : index + 1] == ["--"]
    index += 1  # the image, container, or service
    if index < len(argv) and argv[index] == "--":
        index += 1
    if index >= len(argv):
        return None
    return Peeled(index, Wrapper(path="elsewhere"))


def may_be_nothing(name: str) -> bool:
    """Tell whether an unknown first word is a prefix such as `$SUDO`, which may be empty."""
    return OPEN in name and not is_known(name) and re.search("sudo|root", name, re.IGNORECASE) is not None
