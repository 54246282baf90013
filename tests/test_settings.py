"""Settings: where they come from, what they do, and what is said of those that can't be obeyed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome
from venvlint.settings import Settings, SettingsError, load

Call = Callable[[Sequence[str]], Outcome]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('excludes = ["x"]', "no setting is called 'excludes': did you mean 'exclude'?", id="key"),
        pytest.param(
            'environment_names = ["x"]',
            "no setting is called 'environment_names': did you mean 'environment-names'?",
            id="underscore",
        ),
        pytest.param("xyzzy = 1", "no setting is called 'xyzzy'", id="nothing is near"),
        pytest.param(
            'ignore = ["sudo-instal"]', "no rule is called 'sudo-instal': did you mean 'sudo-install'?", id="rule"
        ),
        pytest.param('select = "sudo-install"', "select must be a list of strings", id="string for list"),
        pytest.param("exclude = [1]", "exclude must be a list of strings", id="number in list"),
        pytest.param("baseline = []", "baseline must be the name of a file", id="list for string"),
        pytest.param(
            "per-file-ignores = []",
            "per-file-ignores must be a table of patterns and lists of rules",
            id="list for table",
        ),
        pytest.param(
            'per-file-ignores = {"a" = ["nope-install"]}',
            "no rule is called 'nope-install': did you mean 'runner-install'?",
            id="rule in table",
        ),
        pytest.param(
            'per-file-ignores = {"a" = "user-install"}',
            "per-file-ignores.a must be a list of strings",
            id="string in table",
        ),
    ],
)
def test_mistakes(tmp_path: Path, text: str, message: str) -> None:
    for name, header in (("pyproject.toml", "[tool.venvlint]\n"), ("venvlint.toml", "")):
        (tmp_path / name).write_text(header + text)
        with pytest.raises(SettingsError) as caught:
            load(str(tmp_path))
        shown = str(caught.value)
        if "did you mean" in message and "rule" in message:
            assert shown.split(": did")[0] == f"{name}: {message.split(': did')[0]}"
        else:
            assert shown == f"{name}: {message}"
        (tmp_path / name).unlink()


def test_mistakes_end_a_run(repository: Path, call: Call) -> None:
    (repository / "pyproject.toml").write_text("[tool.venvlint]\nexlude = []\n")
    (repository / "a.sh").write_text("pip install x\n")
    for command in (["venv-gitignored"], ["no-site-packages"], ["no-global-pip", "a.sh"], ["venvlint"]):
        found = call(command)
        assert (found.code, found.out) == (2, "")
        assert found.err == "error: pyproject.toml: no setting is called 'exlude': did you mean 'exclude'?\n"
        assert call([*command, "--no-config"]).code != 2


def test_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("""
[tool.venvlint]
select = ["global-install"]
ignore = ["user-install"]
exclude = ["vendor/"]
per-file-ignores = {"*.sh" = ["sudo-install"]}
environment-names = ["env"]
system-tools = ["Pre_Commit", "pip"]
assume-active = ["dev/*.sh"]
baseline = "known.json"
""")
    assert load(str(tmp_path)) == Settings(
        select=("global-install",),
        ignore=("user-install",),
        exclude=("vendor/",),
        per_file_ignores={"*.sh": ("sudo-install",)},
        environment_names=("env",),
        system_tools=frozenset({"pre-commit", "pip"}),
        assume_active=("dev/*.sh",),
        baseline="known.json",
    )


@pytest.mark.parametrize(
    ("files", "arguments", "expected"),
    [
        pytest.param({}, {}, (), id="nothing"),
        pytest.param({"pyproject.toml": '[project]\nname = "venvlint"'}, {}, (), id="no section"),
        pytest.param({"pyproject.toml": "[tool\n"}, {}, (), id="a broken file that doesn't speak of us"),
        pytest.param({"pyproject.toml": '[tool]\nvenvlint.exclude = ["a"]'}, {}, ("a",), id="dotted key"),
        pytest.param({"pyproject.toml": '\ufeff[tool.venvlint]\nexclude = ["a"]\r\n'}, {}, ("a",), id="BOM"),
        pytest.param(
            {"pyproject.toml": '[tool.venvlint]\nexclude = ["a"]', "venvlint.toml": 'exclude = ["b"]'},
            {},
            ("b",),
            id="both",
        ),
        pytest.param({"venvlint.toml": "exclude = []"}, {"no_config": True}, (), id="none wanted"),
        pytest.param({"other.toml": 'exclude = ["c"]'}, {"config": "other.toml"}, ("c",), id="another file"),
        pytest.param(
            {"other.toml": '[tool.venvlint]\nexclude = ["c"]'},
            {"config": "other.toml"},
            ("c",),
            id="another file, sections",
        ),
    ],
)
def test_places(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    arguments: dict[str, bool | str],
    expected: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in files.items():
        Path(name).write_text(text, encoding="utf-8")
    assert load(str(tmp_path), **arguments).exclude == expected  # type: ignore[arg-type]  # the table is the type


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"[tool.venvlint\n", "not valid TOML: Expected ']'", id="syntax"),
        pytest.param(b"# venvlint \xff", "not valid TOML: 'utf-8' codec can't decode", id="encoding"),
        pytest.param(b"tool.venvlint = 1", "tool.venvlint must be a table", id="not a table"),
    ],
)
def test_broken_file(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(data)
    with pytest.raises(SettingsError, match="^pyproject.toml: " + reason.replace("[", "\\[").replace("]", "\\]")):
        load(str(tmp_path))


def test_missing_config(repository: Path, call: Call) -> None:
    found = call(["no-global-pip", "--config", "no.toml"])
    assert (found.code, found.err) == (2, "error: no.toml: no such file\n")


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        pytest.param(("tests/data/",), "tests/data/x/setup.sh", True, id="below a directory"),
        pytest.param(("tests/data/",), "tests/data", True, id="the directory itself"),
        pytest.param(("tests/data/",), "src/tests/data/a", False, id="a slash inside anchors"),
        pytest.param(("data/",), "src/tests/data/a", True, id="none doesn't"),
        pytest.param(("*.sh", "!keep.sh"), "a/keep.sh", False, id="taken back"),
        pytest.param(("data/", "!keep.sh"), "data/keep.sh", True, id="not from below an excluded directory"),
        pytest.param(("/a.sh",), "b/a.sh", False, id="anchored"),
        pytest.param(("**/x/*.sh",), "b/c/x/a.sh", True, id="at any depth"),
        pytest.param((), "a.sh", False, id="no pattern"),
    ],
)
def test_exclude(patterns: tuple[str, ...], path: str, expected: bool) -> None:
    assert Settings(exclude=patterns).is_excluded(path) is expected


def test_settings_at_work(repository: Path, call: Call) -> None:
    (repository / "vendor").mkdir()
    for name in ("vendor/a.sh", "image.sh", "dev.sh", "plain.sh", "tool.sh"):
        (repository / name).write_text("sudo pip install x\npip install y\n")
    (repository / "tool.sh").write_text("pip install 'Ansible_Core[x]>=2'\npip install pipx\n")
    (repository / "venvlint.toml").write_text("""
ignore = ["user-install"]
exclude = ["vendor/"]
assume-active = ["dev.sh"]
system-tools = ["ansible-core"]
per-file-ignores = {"image.*" = ["sudo-install"]}
""")
    names = ["vendor/a.sh", "image.sh", "dev.sh", "plain.sh", "tool.sh"]
    found = call(["no-global-pip", "--format", "json", *names]).report
    assert [(each["path"], each["line"], each["rule"]) for each in found["findings"]] == [
        ("dev.sh", 1, "sudo-install"),
        ("image.sh", 2, "global-install"),
        ("plain.sh", 1, "sudo-install"),
        ("plain.sh", 2, "global-install"),
        ("tool.sh", 2, "global-install"),
    ]


def test_command_line_beats_settings(repository: Path, call: Call) -> None:
    (repository / "a.sh").write_text("sudo pip install x\npip install y\n")
    (repository / "venvlint.toml").write_text('ignore = ["sudo-install"]\n')

    def rules(*arguments: str) -> list[str]:
        return [
            each["rule"] for each in call(["no-global-pip", "--format", "json", "a.sh", *arguments]).report["findings"]
        ]

    assert rules() == ["global-install"]
    assert rules("--select", "sudo-install") == ["sudo-install"]
    assert rules("--ignore", "global-install") == []
    assert rules("--no-config") == ["sudo-install", "global-install"]


def test_a_rule_switched_off_silences(repository: Path, call: Call) -> None:
    (repository / "a.sh").write_text("sudo pip install x\n")
    assert call(["no-global-pip", "--ignore", "sudo-install", "a.sh"]).code == 0


@pytest.mark.parametrize(
    ("line", "is_fine"),
    [
        pytest.param("pip install pipx", True, id="name"),
        pytest.param("sudo pip install virtualenv", True, id="as root"),
        pytest.param("pip install --user --upgrade pip setuptools wheel", True, id="all of several"),
        pytest.param("pip install 'uv>=0.5,<1' 'poetry[plugin]==1.8.*' Pre_Commit~=4", True, id="versions, extras"),
        pytest.param("pip install 'tox; python_version > \"3\"'", True, id="marker"),
        pytest.param("pip install pip==$PIP_VERSION", True, id="a version that isn't known"),
        pytest.param("pip install pip requests", False, id="a mixed list"),
        pytest.param("pip install $TOOLS", False, id="a name that isn't known"),
        pytest.param("pip install pip$VERSION", True, id="what may be a version behind the name"),
        pytest.param("pip install pip-$TOOL", False, id="half a name"),
        pytest.param("pip install pipx -r requirements.txt", False, id="and a file"),
        pytest.param("pip install pipx .", False, id="and a directory"),
        pytest.param("pip install -e ./pipx", False, id="a directory of that name"),
        pytest.param("pip install", True, id="nothing"),
    ],
)
def test_system_wide_tools(repository: Path, call: Call, line: str, is_fine: bool) -> None:
    (repository / "a.sh").write_text(line + "\n")
    assert (call(["no-global-pip", "a.sh"]).code == 0) is is_fine
