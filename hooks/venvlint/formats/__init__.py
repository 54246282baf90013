"""Host formats: which files hold shell code, and who finds it in them. A new format is one file and one row here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module

from venvlint.formats import ci_files

TYPE_CHECKING = False  # as type checkers know it; typing takes milliseconds to import
if TYPE_CHECKING:
    from venvlint.model import Script, Skipped
    from venvlint.source import Source

Read = Callable[[str], bytes | None]  # another file of the repository by its path, None where there is none

# What every finding has in its file, in upper or lower case: for `git grep -iE`, and for the bytes of one file.
CANDIDATE = (
    r"pip|conda|mamba|easy_install|setup\.py|activate|externally-managed|virtualenvs|uv_[a-z]|poetry|pdm "
    r"|venvlint: *ignore|break-system-packages|^user *[=:] *[1oty]"  # pip's configuration doesn't name pip
    r"|source [\"$./a-z]|\. [\"$./]"  # another script, whose functions are called
)
_CANDIDATE = re.compile(CANDIDATE.encode(), re.MULTILINE | re.IGNORECASE)
UTF16_NAMES = ("*.ps1", "*.psm1", "*.bat", "*.cmd")  # git grep takes UTF-16 for binary

# Module of this package and the paths that it reads, tried in order; the first that fits has the file.
_BY_PATH: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (module, re.compile(rf"(?:.*/)?(?:{pattern})", re.IGNORECASE))
    for module, pattern in (
        (
            "shell_script",
            r"[^/]*\.(?:sh|bash|zsh|ksh|dash|bats|ps1|psm1|bat|cmd|fish|csh|tcsh)|\.?(?:bash|zsh|k?sh)(?:rc|_profile|env|_aliases)|\.profile",
        ),
        (
            "dockerfile",
            r"(?:docker|container)file(?:(?!.*\.(?:[jt]s|adoc|go|html?|java|json|md|py|rs|rst|toml|txt|ya?ml)$)[._-][^/]*)?",
        ),
        ("dockerfile", r"[^/]*\.(?:docker|container)file(?:\.(?:in|j2|tmpl|tpl|template))?"),
        ("makefile", r"(?:gnu)?makefile(?:\.(?!md$|py$|rst$|txt$)[^/]*)?|[^/]*\.(?:ma?k|make)"),
        ("python", r"[^/]*\.pyw?"),
        ("notebook", r"[^/]*\.ipynb"),
        ("compose", r"(?:[^/]*[._-])?compose[^/]*\.ya?ml"),
        ("devcontainer", r"\.?devcontainer\.json"),
        *ci_files.MODULES,
        ("ci_yaml", "|".join(pattern for _, pattern in ci_files.SYSTEMS)),
        ("pyproject", r"pyproject\.toml"),
        ("justfile", r"\.?justfile|[^/]*\.just"),
        (
            "unit_files",
            r"[^/]*\.service(?:\.(?:in|j2|tmpl|template|example))?|crontab[^/]*|[^/]*\.cron(?:tab)?|(?:.*/)?cron\.d/[^/.]+",
        ),
        ("host_files", r"\.envrc(?:\.[^/]*)?|vagrantfile[^/]*|procfile(?:\.[^/]*)?"),
        ("pip_settings", r"pip\.(?:conf|ini)|\.env(?:\.[^/]*)?|[^/]*\.env"),
        ("task_files", r"taskfile[^/]*\.ya?ml|\.pre-commit-config\.ya?ml|package\.json"),
        ("plain_yaml", r"[^/]*\.ya?ml(?:\.(?:j2|tpl|tftpl))?"),
    )
)
_BY_SHEBANG: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("cloud_init", re.compile(rb"#cloud-config\b|## *template:")),
    ("python", re.compile(rb"#!.*\bpython[\d.]*\b")),
    ("shell_script", re.compile(rb"#!.*\b(?:ba|da|z|k|a|fi|tc|c)?sh\b|#!.*\bpwsh\b|#!.*\bpowershell\b")),
)

# What else a file of a module has to have: most Python files that speak of pipes and pipelines install nothing.
_NEEDS: dict[str, re.Pattern[bytes]] = {
    "jenkinsfile": re.compile(rb"\b(?:sh|bat|powershell|pwsh)\b|venvlint: *ignore"),  # most Groovy has no such steps
    "notebook": re.compile(rb"install|activate|venvlint: *ignore"),
    "python": re.compile(
        rb"subprocess|system|popen|spawn|exec[lv]|main|invoke|fabric|\bnox\b|pexpect|getoutput|venvlint: *ignore"
    ),
}


_DOCUMENTATION = (".adoc", ".md", ".rst")  # about a Jenkinsfile, not one


def reader(path: str, data: bytes) -> str | None:
    """Return the name of the module that reads a file, None if it holds no shell code that is understood."""
    if path.lower().endswith(_DOCUMENTATION):
        return None
    for module, pattern in _BY_PATH:
        if pattern.fullmatch(path):
            return module
    if data.startswith(b"#"):
        first = data[:200].split(b"\n", 1)[0]
        for module, shebang in _BY_SHEBANG:
            if shebang.match(first):
                return module
    return None


def can_matter(path: str, data: bytes) -> bool:
    """Tell, without parsing, whether anything can be found in a file: no other file is looked into."""
    module = reader(path, data)
    if module is None:
        return False
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.replace(b"\0", b"")
    needed = _NEEDS.get(module, _CANDIDATE)
    return _CANDIDATE.search(data) is not None and needed.search(data) is not None


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the shell code of a file, in the order in which it runs, and what of the file couldn't be read."""
    module = reader(source.path, source.data)
    if module is not None:
        yield from import_module(f"{__name__}.{module}").scripts(source, read)
