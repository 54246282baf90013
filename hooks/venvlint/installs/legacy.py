"""setup.py, easy_install and ensurepip: the ways from before pip, and the one to pip."""

from __future__ import annotations

from collections.abc import Sequence

from venvlint.installs.pip import directory
from venvlint.installs.request import Program, Request
from venvlint.installs.words import Parsed, Refused, parse, table

# What distutils and setuptools print for `--help install`, `--help develop` and `easy_install --help`.
_INSTALL = table(
    "prefix exec-prefix home install-base install-platbase root install-purelib install-platlib install-lib"
    " install-headers install-scripts install-data record optimize -O",
    "user compile -c no-compile force -f skip-build single-version-externally-managed"
    " old-and-unmanageable verbose -v quiet -q dry-run -n",
    "help -h",
)
_EASY_INSTALL = table(
    "prefix install-dir -d script-dir -s index-url -i find-links -f build-directory -b optimize -O record site-dirs -S"
    " allow-hosts -H egg-path",
    "user zip-ok -z multi-version -m upgrade -U exclude-scripts -x always-copy -a always-unzip -Z editable -e no-deps"
    " -N local-snapshots-ok -l no-find-links uninstall -u verbose -v quiet -q dry-run -n",
    "help -h version",
)
_VERBS = {"install": _INSTALL, "develop": _EASY_INSTALL}
# Before its first command setup.py takes these: they print something, and no command runs.
_DISPLAYING = frozenset({
    "--help", "-h", "--help-commands", "--name", "--version", "-V", "--fullname", "--author", "--author-email",
    "--maintainer", "--maintainer-email", "--contact", "--contact-email", "--url", "--license", "--licence",
    "--description", "--long-description", "--platforms", "--classifiers", "--keywords", "--provides", "--requires",
    "--obsoletes", "--dry-run", "-n",
})  # fmt: skip
_ENSUREPIP = table("root", "user upgrade -U altinstall default-pip verbose -v", "help -h version")


def read_setup(path: str, words: Sequence[str], program: Program) -> Request | None:
    """Read what follows `python setup.py`: several commands, each with options of its own."""
    at = next((at for at, word in enumerate(words) if word in _VERBS), None)
    if at is None or _DISPLAYING.intersection(words[:at]):
        return None
    verb = words[at]
    options = parse(words[at + 1 :], _VERBS[verb])
    if options.has("uninstall"):
        return None
    folder = path[: -len("setup.py")].rstrip("/\\") or "."
    return _request("setup.py", verb, options, program, (f"-e {folder}" if verb == "develop" else folder,))


def read_easy_install(words: Sequence[str], program: Program) -> Request | None:
    """Read what follows `easy_install`."""
    options = parse(words, _EASY_INSTALL)
    if options.has("editable") or not options.arguments:
        return None
    return _request("easy_install", "install", options, program, tuple(options.arguments))


def _request(installer: str, verb: str, options: Parsed, program: Program, packages: tuple[str, ...]) -> Request | None:
    if options.has("dry-run"):
        return None
    folder = options.last("install-dir") or options.last("install-lib") or options.last("install-purelib")
    target = directory(folder or options.last("home"), options.last("root"), options.last("prefix"))
    if options.has("user") and options.last("prefix"):
        raise Refused("--user")
    traits = {"legacy", "user"} if options.has("user") and target is None else {"legacy"}
    return Request(
        "install", installer, verb, program, packages, target, frozenset(traits), False, options.has_unknown_words
    )


def read_ensurepip(words: Sequence[str], program: Program) -> Request | None:
    """Read what follows `python -m ensurepip`: it installs pip, a tool, and reads none of pip's variables."""
    options = parse(words, _ENSUREPIP)
    traits = frozenset({"user"} if options.has("user") else ())
    return Request("install", "ensurepip", "install", program, ("pip",), directory(None, options.last("root")), traits)
