"""What a script's strings are as far as they can be told: text in which unknown parts are marked.

A value is a plain `str`, so it can be joined, split, compared, and used as a key. A part that only the running
shell knows stands in it as a marked name: `$HOME/venv` is ``unknown("HOME") + "/venv"``. Two values with the same
marks are the same string as long as the marks mean the same thing, which whoever makes them sees to.
"""

from __future__ import annotations

import re

OPEN, CLOSE = "\ue000", "\ue001"  # private-use code points: no script means anything by them
_MARK = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")


def unknown(name: str) -> str:
    """Return a value of which nothing is known but that it is the same wherever `name` is the same.

    It holds no blanks, at which a shell would part it.
    """
    return f"{OPEN}{'-'.join(name.split())}{CLOSE}"


# The Python that runs the program itself, of which only its caller knows whether it is an environment's.
RUNNING_PYTHON = unknown("sys.executable")


def is_known(value: str) -> bool:
    """Tell whether every character of `value` is known."""
    return OPEN not in value


def without_unknown(value: str) -> str:
    """Return a value with one mark, which no pattern's text matches, for each of its unknown parts."""
    return _MARK.sub(OPEN, value)


def is_unknown(value: str) -> bool:
    """Tell whether no character of `value` is known."""
    return OPEN in value and not _MARK.sub("", value)


def clean(text: str) -> str:
    """Return `text` of a file without the code points that mark unknown parts."""
    return text.replace(OPEN, "\ufffd").replace(CLOSE, "\ufffd") if OPEN in text or CLOSE in text else text


def shown(value: str) -> str:
    """Return `value` as a reader of the script would write it: `$HOME/venv`."""
    return _MARK.sub(lambda mark: "$" + mark[0][1:-1] if mark[0][1:-1].isidentifier() else "...", value)
