"""conda, mamba and micromamba: which of their environments a command changes."""

from __future__ import annotations

from collections.abc import Sequence

from venvlint.installs.request import Program, Request, Variables
from venvlint.installs.words import Parsed, boolean, parse, table
from venvlint.values import is_unknown

# conda's own parser abbreviates, so flags are here too.
_CONDA = table(
    "name -n prefix -p channel -c file -f revision repodata-fn experimental exclude-newer shortcuts-only console solver"
    " environment-specifier env-spec format subdir platform",
    "dry-run -d download-only all update-all yes -y quiet -q json verbose -v debug trace override-frozen use-local"
    " override-channels -O no-lock repodata-use-zst no-repodata-use-zst repodata-use-shards no-repodata-use-shards"
    " strict-channel-priority channel-priority no-channel-priority no-deps only-deps no-pin force copy shortcuts"
    " no-shortcuts clobber use-index-cache -C insecure -k offline show-channel-urls no-show-channel-urls force-pscheck"
    " unknown prune force-reinstall freeze-installed no-update-deps update-deps satisfied-skip-solve -S update-specs"
    " dev no-plugins",
    "help -h version -V",
)
_MICROMAMBA = table(
    "name -n prefix -p channel -c file -f revision root-prefix -r relocate-prefix rc-file log-level ssl-verify"
    " cacert-path repodata-ttl channel-priority channel-alias platform category",
    "dry-run download-only all -a",
    "help -h version",
)
_VERBS = {"install", "update", "upgrade"}


def read(installer: str, words: Sequence[str], variables: Variables) -> Request | None:
    """Read what follows `conda` (or `mamba`, `micromamba`)."""
    is_micromamba = installer == "micromamba"
    options = parse(words, _MICROMAMBA if is_micromamba else _CONDA, abbreviates=not is_micromamba, equals=True)
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
    if installer != "conda" and _names_environment(options):
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


def _names_environment(options: Parsed) -> bool:
    """Tell whether only a file can say which environment is meant."""
    if options.last("name") or options.last("prefix"):
        return False
    return any(file.endswith((".yml", ".yaml")) for file in options.all("file"))


def _request(installer: str, verb: str, options: Parsed, packages: tuple[str, ...]) -> Request:
    name, prefix = options.last("name") or "", options.last("prefix")
    traits = frozenset({"base"} if name in ("base", "root") and not prefix else ())
    program = Program("prefix", prefix) if prefix else Program("conda", "base" if traits else name)
    return Request(
        "install", installer, verb, program, packages, traits=traits, has_unknown_words=options.has_unknown_words
    )
