"""Spellings that tree-sitter-bash stumbles over, put into ones that it reads, each character in its place."""

from __future__ import annotations

import re

from venvlint.shells.posix_text import BACKSLASH

_LEADING_BACKSLASH = re.compile(r"(^[ \t]*)\\(?=[A-Za-z_./])", re.MULTILINE)
_AT_THE_END = re.compile(r"\\(\s*)\Z")  # a continuation that nothing follows
_COMMENT_AS_COMMAND = re.compile(r"`#[^`\n]*`")  # between continued lines; the grammar reads it to the line's end
_COMMENT_ALONE = re.compile(r"(?<=\$\()\s*(?:#[^\n]*\n\s*)+(?=\))")  # `$( # nothing else`; an error in the grammar
_COMPARISON = re.compile(r"(\[[ \t][^\]\n]*?[ \t])\\[<>](?=[ \t])")  # the grammar knows no `[ a \> b ]`
_LAST_ARM = re.compile(r"(;;?&)((?:\s|#[^\n]*\n)*esac\b)")
_ARGUMENTS = re.compile(r"(\bfor[ \t]+[A-Za-z_]\w*[ \t]*)[ \t](?=do\b)")  # `for arg do`
_LONE_DOLLAR = re.compile(r"(?<=[\w.*\]:/-])\$(?=[)`])")  # `$(grep ^a$)`
_READ_AND_WRITE = re.compile(r"(?<=\d)<>(?=[^\s>])")  # `exec 3<>file`
_DEFAULT = re.compile(r"\$\{\w+:?[-=+?][^{}\"'`$\n]*[()][^{}\"'`$\n]*\}")  # `${A:-a(b)}`
_TEST = re.compile(r"\[\[?[ \t][^\n]*?[ \t]\]\]?")
_QUALIFIER = re.compile(r"(?<=[*\w])\((?:[-./@^]*N[-./@^]*|[./@])\)(?=[ \t]*[;)\n])")  # zsh's `*.zsh(N)`


def normal(text: str) -> str:
    """Return the text without what the grammar stumbles over, each character in its place."""
    if "\r\n" in text:
        text = text.replace("\r\n", " \n")
    if "\\ \n" in text:  # a continuation whose line ended with CR LF
        text = text.replace("\\ \n", " \\\n")
    if "&" in text:  # the grammar wants `;;` behind the last arm
        text = _LAST_ARM.sub(lambda arm: ";;" + " " * (len(arm[1]) - 2) + arm[2], text)
    text = _AT_THE_END.sub(r" \1", text)
    if "\\>" in text or "\\<" in text:
        text = _COMPARISON.sub(r"\1-y", text)  # an operator of which nothing is known
    if "`#" in text:
        text = _COMMENT_AS_COMMAND.sub(lambda comment: " " * len(comment[0]), text)
    text = _ARGUMENTS.sub(r"\1;", text)
    if "$" in text:
        text = _COMMENT_ALONE.sub(lambda comment: ":" + re.sub(r"[^\n]", " ", comment[0][1:]), text)
        text = _LONE_DOLLAR.sub("%", text)
        text = _DEFAULT.sub(lambda default: default[0].replace("(", "_").replace(")", "_"), text)
        text = text.replace("${+", "${#")  # zsh asks whether a variable is set, of which nothing is known either
    if "\\(" in text or '= *"' in text:
        text = _TEST.sub(_test, text)
    if "<>" in text:
        text = _READ_AND_WRITE.sub("> ", text)
    if "*" in text:
        text = _QUALIFIER.sub(lambda qualifier: " " * len(qualifier[0]), text)
    # `\pip` at a line's start, which keeps an alias out: the grammar takes it for more words of the line before.
    return _LEADING_BACKSLASH.sub(rf"\1{BACKSLASH}", text) if "\\" in text else text


def _test(found: re.Match[str]) -> str:
    r"""Return `[ \( a \) ]` with bare parentheses, and `[[ a = *"b c" ]]` with the other equals sign."""
    return found[0].replace(" \\( ", "  ( ").replace(" \\) ", "  ) ").replace(' = *"', ' ==*"')
