"""Print a command that the README tells people to paste: the line below `<!-- command: NAME -->`.

bash -c "$(python3 scripts/readme.py test)"
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
COMMAND = re.compile(r"^<!-- command: (\w+) -->\n```sh\n(.+)\n```$", re.MULTILINE)


def commands() -> dict[str, str]:
    """Return every command that is to be pasted, by its name; each is one line."""
    return dict(COMMAND.findall(README.read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.stdout.write(f"{commands()[sys.argv[1]]}\n")
