"""pip: what its options and its PIP_ variables ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from venvlint.installs.pip_options import CONFIG, FORMER, GENERAL, INSTALL
from venvlint.installs.request import Program, Request, Variables
from venvlint.installs.words import Parsed, Refused, base_name, boolean, is_true, parse
from venvlint.values import is_known, is_unknown

# What an option that adds packages is written as among them.
_SOURCES = {
    "": "",
    "requirements": "-r ",
    "editables": "-e ",
    "dependency_groups": "--group ",
    "requirements_from_scripts": "--requirements-from-script ",
}
_ASKED = {
    *_SOURCES, "use_user_site", "target_dir", "root_path", "prefix_path", "require_venv", "override_externally_managed",
    "dry_run", "python", "download_dir", "no_install",
}  # fmt: skip
# pip takes every long option from a variable too; abbreviations and aliases have variables of their own.
_VARIABLES = tuple(
    ("PIP_" + spelling[2:].upper().replace("-", "_"), name, action)
    for spelling, (name, action) in INSTALL.items()
    if spelling.startswith("--") and name in _ASKED
)

# Settings that lead every later install past environments, and what that is called.
_SETTINGS = {"break-system-packages": "override", "user": "user"}


def read(words: Sequence[str], program: Program, variables: Variables) -> Request | None:
    """Read what follows `pip`."""
    general, verb, rest = verb_of(words)
    if verb == "config":
        return _setting(rest, program)
    if verb != "install":
        return None
    options = parse(rest, _known(rest))
    if options.last("python") is not None:
        raise Refused("--python")  # pip wants it before the verb
    options.has_unknown_words |= general.has_unknown_words
    options.given = [*_from_variables(words, variables), *general.given, *options.given]
    return request(options, program)


def verb_of(words: Sequence[str]) -> tuple[Parsed, str, list[str]]:
    """Split the words after `pip` into general options, the verb ("" for none) and what follows it.

    A word that is wholly unknown is taken for an option in front of the verb (`pip $FLAGS install x`).
    """
    general = Parsed()
    rest = list(words)
    while rest:
        parsed = parse(rest, GENERAL, stops=True)
        rest = parsed.arguments
        general.given += [(name, value) for name, value in parsed.given if name]
        general.has_unknown_words |= parsed.has_unknown_words
        if not rest:
            break
        verb, rest = rest[0], rest[1:]
        if not is_unknown(verb):
            return general, verb, rest
    return general, "", []


def _known(rest: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the table to read `rest` by: former options only where one is written out."""
    former = {word.partition("=")[0] if word.startswith("--") else word[:2] for word in rest} & FORMER.keys()
    return INSTALL | {spelling: FORMER[spelling] for spelling in former}


def _from_variables(words: Sequence[str], variables: Variables) -> Iterator[tuple[str, str]]:
    if "--isolated" in words:  # pip, too, looks for the word itself
        return
    for variable, name, action in _VARIABLES:
        value = variables(variable)
        if not value:
            continue
        if action == "values":
            yield from ((name, part) for part in value.split())
        elif action == "value":
            yield name, value
        elif is_known(value):  # also PIP_NO_USER=1, which pip reads as --user
            yield name, "1" if boolean(value) else "0"


def request(options: Parsed, program: Program) -> Request | None:
    """Return what `pip install` with these options asks for."""
    if options.has("dry_run") or options.has("no_install") or options.last("download_dir"):
        return None
    packages = tuple(_SOURCES[name] + value for name, value in options.given if name in _SOURCES)
    if not packages and not options.has_unknown_words:
        return None
    if python := options.last("python"):
        is_interpreter = base_name(python).startswith(("python", "pypy"))
        program = Program("path" if is_interpreter else "prefix", python)
    target = directory(options.last("target_dir"), options.last("root_path"), options.last("prefix_path"))
    is_user = options.has("use_user_site")
    # pip doesn't combine them, and installs nothing: as where it demands an environment. An empty --prefix is none.
    is_refused = is_user and (options.last("target_dir") is not None or bool(options.last("prefix_path")))
    traits = {"override"} if options.has("override_externally_managed") else set()
    if is_user and target is None:
        traits.add("user")
    return Request(
        kind="install",
        installer="pip",
        verb="install",
        program=program,
        packages=packages,
        target=None if is_refused else target,
        traits=frozenset(traits),
        requires_environment=is_refused or options.has("require_venv"),
        has_unknown_words=options.has_unknown_words,
    )


def directory(target: str | None, root: str | None = None, prefix: str | None = None) -> str | None:
    """Return the directory that --target, --root and --prefix lead to; None where they change nothing."""
    if target:
        return target
    if not root or root == "/":
        return prefix or None
    return f"{root.rstrip('/')}/{prefix.lstrip('/')}" if prefix else root


def _setting(rest: Sequence[str], program: Program) -> Request | None:
    """Read what follows `pip config`: of all settings, only those in _SETTINGS open a way."""
    words = parse(rest, CONFIG).arguments
    if len(words) != 3 or words[0] != "set" or not is_true(words[2]):
        return None
    section, _, key = words[1].lower().replace("_", "-").partition(".")
    trait = _SETTINGS.get(key.removeprefix("--"))
    if section not in ("global", "install") or trait is None:
        return None
    return Request("setting", "pip", "config set", program, traits=frozenset({trait}))
