"""Commands that run another command: the tables of how their words are read."""

from __future__ import annotations

from dataclasses import dataclass


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
    "coproc": Wrapper(is_function=True),
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
RUNNERS = {
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
DOCKER_VALUES = _options(
    "-a -c -e -h -l -m -p -u -v -w --add-host --cap-add --cpus --device --dns --entrypoint --env --env-file"
    " --expose --gpus --hostname --ip --label --link --log-driver --memory --mount --name --net --network --platform"
    " --pull --restart --runtime --security-opt --shm-size --tmpfs --ulimit --user --userns --volume --volumes-from"
    " --workdir"
)
