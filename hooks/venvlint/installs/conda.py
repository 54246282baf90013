"""conda, mamba and micromamba: which of their environments a command changes."""

from __future__ import annotations

from collections.abc import Sequence

from venvlint.installs.request import Program, Request, Variables
from venvlint.installs.words import Parsed, boolean, parse
from venvlint.values import is_unknown

_VALUES = (
    "--name -n --prefix -p --channel -c --file -f --revision --solver --experimental --repodata-fn --exclude-newer"
    " --subdir --platform --console --shortcuts-only --environment-specifier --env-spec --format"
    " --root-prefix -r --rc-file --ssl-verify --cacert-path --channel-priority-value --log-level --repodata-ttl"
    " --category"
)
_FLAGS = (
    "--dry-run -d --download-only --all --update-all --help -h --version -V --yes -y --quiet -q --verbose -v --json"
    " --force-reinstall --no-deps --only-deps --override-channels --prune"
)
_LONG_OF = {"-n": "name", "-p": "prefix", "-f": "file", "-d": "dry-run", "-h": "help", "-V": "version", "-c": "channel"}
_OPTIONS = {spelling: (_LONG_OF.get(spelling, spelling.lstrip("-")), "value") for spelling in _VALUES.split()} | {
    spelling: (name := _LONG_OF.get(spelling, spelling.lstrip("-")), "help" if name in ("help", "version") else "true")
    for spelling in _FLAGS.split()
}
_VERBS = {"install", "update", "upgrade"}


def read(installer: str, words: Sequence[str], variables: Variables) -> Request | None:
    """Read what follows `conda` (or `mamba`, `micromamba`)."""
    options = parse(words, _OPTIONS)
    arguments = options.arguments
    while arguments and is_unknown(arguments[0]):
        arguments.pop(0)
    verb = arguments.pop(0) if arguments else ""
    if verb == "env":
        return _env_update(installer, options, arguments)
    if verb not in _VERBS or any(map(options.has, ("dry-run", "download-only"))):
        return None
    if boolean(variables("CONDA_DRY_RUN")):
        return None
    packages = (*arguments, *(f"--file {file}" for file in options.all("file")))
    if any(map(options.has, ("all", "update-all"))) or options.last("revision"):
        packages += ("--all",)
    return _request(installer, verb, options, packages) if packages else None


def _env_update(installer: str, options: Parsed, arguments: Sequence[str]) -> Request | None:
    """Read what follows `conda env`: without -n or -p the file names the environment, so nobody here can tell."""
    if list(arguments[:1]) != ["update"] or not (options.last("name") or options.last("prefix")):
        return None
    files = tuple(f"--file {file}" for file in options.all("file")) or ("--file environment.yml",)
    return _request(installer, "env update", options, files)


def _request(installer: str, verb: str, options: Parsed, packages: tuple[str, ...]) -> Request:
    name, prefix = options.last("name") or "", options.last("prefix")
    traits = frozenset({"base"} if name in ("base", "root") and not prefix else ())
    program = Program("prefix", prefix) if prefix else Program("conda", "base" if traits else name)
    return Request(
        "install", installer, verb, program, packages, traits=traits, has_unknown_words=options.has_unknown_words
    )
