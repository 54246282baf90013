"""The same findings in every format, in the same order, whatever is in a name."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import Outcome
from venvlint.rules import CATALOGUE

Call = Callable[[Sequence[str]], Outcome]
SCHEMA = json.loads((Path(__file__).parent.parent / "docs/report.schema.json").read_text())
FORMATS = ("text", "json", "sarif", "github", "gitlab")
ODD = "a 'b\",c:%d\n\té.sh"


@pytest.fixture
def mixed(repository: Path) -> Path:
    """Return a repository with findings with and without lines, several on one line, in files with odd names."""
    environment = repository / "stale"
    (environment / "bin").mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n")
    (environment / "bin/activate").write_text("VIRTUAL_ENV=/stale\nexport VIRTUAL_ENV\n")
    (repository / ODD).write_text("pip install one; sudo pip install two\n")
    (repository / "b.sh").write_text("x=é; pip install \\\n  three\nif true; then\n  pip install four\nfi\n")
    (repository / ".gitignore").write_text(".venv/\nvenv/\n")
    subprocess.run(["git", "add", "--all", "--force"], check=True)
    return repository


def keys_of_json(text: str) -> list[tuple[str, str, int | None]]:
    return [(each["path"], each["rule"], each["line"]) for each in json.loads(text)["findings"]]


def keys_of_sarif(text: str) -> list[tuple[str, str, int | None]]:
    found = []
    for result in json.loads(text)["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        path = re.sub("(?:%[0-9A-F]{2})+", unquoted, place["artifactLocation"]["uri"])
        found.append((path, result["ruleId"], place.get("region", {}).get("startLine")))
    return found


def unquoted(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode()


def keys_of_github(text: str) -> list[tuple[str, str, int | None]]:
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(?:error|warning) ([^:]*)::.+", line)
        assert match, line
        given = dict(pair.split("=", 1) for pair in match[1].split(","))
        path = re.sub("%(25|0D|0A|3A|2C)", unquoted, given["file"])
        found.append((path, given["title"], int(given["line"]) if "line" in given else None))
    return found


def keys_of_gitlab(text: str) -> list[tuple[str, str, int | None]]:
    issues = json.loads(text)
    return [(each["location"]["path"], each["check_name"], each["location"]["lines"]["begin"]) for each in issues]


def keys_of_text(text: str) -> list[tuple[str, str, int | None]]:
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"(.+?)(?::(\d+):\d+)?: ([a-z-]+)(?: \[possible\])?: .+", line)
        assert match, line
        path = match[1].encode().decode("unicode_escape").encode("latin-1").decode() if "\\" in match[1] else match[1]
        found.append((path, match[3], int(match[2]) if match[2] else None))
    return found


READERS: dict[str, Callable[[str], list[tuple[str, str, int | None]]]] = {
    "json": keys_of_json,
    "sarif": keys_of_sarif,
    "github": keys_of_github,
    "gitlab": keys_of_gitlab,
}


def test_json_is_of_the_schema(mixed: Path, call: Call) -> None:
    found = call(["venvlint", "--format", "json", "--possible"])
    jsonschema.validate(found.report, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert found.report["summary"] == {"files": 2, "findings": 5, "suppressed": 0, "baselined": 0}
    assert found.code == 1
    assert found.out.isascii()


def test_json_positions(mixed: Path, call: Call) -> None:
    findings = call(["no-global-pip", "--format", "json", "b.sh"]).report["findings"]
    places = [[each[name] for name in ("line", "column", "end_line", "end_column")] for each in findings]
    assert places == [[1, 6, 2, 8], [4, 3, 4, 19]]


@pytest.mark.parametrize("form", FORMATS[2:])
def test_formats_agree(mixed: Path, call: Call, form: str) -> None:
    expected = keys_of_json(call(["venvlint", "--format", "json", "--possible"]).out)
    found = call(["venvlint", "--format", form, "--possible"])
    if form == "gitlab":  # which can't do without a line
        expected = [(path, rule, line or 1) for path, rule, line in expected]
    assert READERS[form](found.out) == expected
    assert found.code == 1
    assert len(expected) == 5


def test_text_has_a_line_for_each(mixed: Path, call: Call) -> None:
    expected = keys_of_json(call(["venvlint", "--format", "json"]).out)
    found = call(["venvlint"])
    assert [(rule, line) for _, rule, line in keys_of_text(found.out)] == [(rule, line) for _, rule, line in expected]
    assert found.out.splitlines()[0].startswith("a 'b\",c:%d\\n\\té.sh:1:1: global-install: ")
    assert found.err == "5 findings in 2 files, 1 that --fix mends\n"


def test_order(mixed: Path, call: Call) -> None:
    found = keys_of_json(call(["venvlint", "--format", "json"]).out)
    assert found == [
        (ODD, "global-install", 1),
        (ODD, "sudo-install", 1),
        ("b.sh", "global-install", 1),
        ("b.sh", "global-install", 4),
        ("stale", "committed-environment", None),
    ]


def test_sarif_has_what_code_scanning_needs(mixed: Path, call: Call) -> None:
    log = json.loads(call(["venvlint", "--format", "sarif", "--possible"]).out)
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    for index, rule in enumerate(driver["rules"]):
        assert rule["id"] in {name for names in CATALOGUE.values() for name in names}
        assert rule["help"]["markdown"].startswith(rule["shortDescription"]["text"])
        assert all(result["ruleId"] == rule["id"] for result in run["results"] if result["ruleIndex"] == index)
    assert len({result["partialFingerprints"]["venvlint/v1"] for result in run["results"]}) == len(run["results"])
    assert run["invocations"][0]["executionSuccessful"]


def test_skipped_is_in_the_document(repository: Path, call: Call) -> None:
    (repository / "a.sh").write_bytes(b"pip install x\0")
    report = call(["no-global-pip", "--format", "json", "a.sh"]).report
    jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert report["skipped"] == [{"path": "a.sh", "reason": "binary"}]
    log = json.loads(call(["no-global-pip", "--format", "sarif", "a.sh"]).out)
    assert log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "skipped: binary"


def test_github_escapes(mixed: Path, call: Call) -> None:
    first = call(["no-global-pip", "--format", "github", ODD]).out.splitlines()[0]
    assert first.startswith(
        "::error file=a 'b\"%2Cc%3A%25d%0A\té.sh,line=1,col=1,endLine=1,endColumn=16,title=global-install::"
    )


def test_empty_reports_are_whole(repository: Path, call: Call) -> None:
    (repository / "a.sh").write_text("echo\n")
    outputs = {form: call(["no-global-pip", "--format", form, "a.sh"]).out for form in FORMATS}
    assert (outputs["text"], outputs["github"], json.loads(outputs["gitlab"])) == ("", "", [])
    assert json.loads(outputs["json"])["findings"] == []
    assert json.loads(outputs["sarif"])["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("arguments", "variables", "expected"),
    [
        pytest.param((), {}, False, id="not a terminal"),
        pytest.param(("--color", "always"), {"NO_COLOR": "1"}, True, id="asked for"),
        pytest.param((), {"FORCE_COLOR": "1"}, True, id="forced"),
        pytest.param((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, id="refused beats forced"),
        pytest.param(("--color", "never"), {"FORCE_COLOR": "1"}, False, id="switched off"),
    ],
)
def test_colour(
    mixed: Path,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    variables: dict[str, str],
    expected: bool,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in call(["no-global-pip", "b.sh", *arguments]).out) == expected


def test_excerpt(mixed: Path, call: Call) -> None:
    coloured = call(["no-global-pip", "--color", "always", "--select", "global-install", "b.sh"]).out
    lines = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).splitlines()]
    assert lines[0].startswith("b.sh:1:6: global-install: ")
    assert lines[1:3] == ["  1 | x=é; pip install \\", "  2 |   three"]
    assert lines[3].startswith("    = help: ")
    assert lines[4] == ""


def test_fingerprints_survive_shifts(mixed: Path, call: Call) -> None:
    def prints() -> list[Any]:
        return [each["fingerprint"] for each in call(["no-global-pip", "--format", "json", "b.sh"]).report["findings"]]

    before = prints()
    text = (mixed / "b.sh").read_text()
    (mixed / "b.sh").write_text("# a line more\n\n" + text.replace("  pip", "\t pip"))
    assert prints() == before
    (mixed / "b.sh").write_text(text + "pip install four\n")
    assert prints()[:2] == before
    assert len(set(prints())) == 3


def test_output_to_a_file(mixed: Path, call: Call) -> None:
    found = call(["no-global-pip", "--format", "json", "--output", "report.json", "b.sh"])
    assert found.out == ""
    assert keys_of_json((mixed / "report.json").read_text()) == [
        ("b.sh", "global-install", 1),
        ("b.sh", "global-install", 4),
    ]
    failed = call(["no-global-pip", "--output", "no/such/file", "b.sh"])
    assert (failed.code, failed.err) == (2, "error: no/such/file: No such file or directory\n")


@pytest.mark.parametrize("rule", [rule for rules in CATALOGUE.values() for rule in rules])
def test_page_of_a_rule(call: Call, rule: str) -> None:
    shown = call(["venvlint", "rule", rule])
    assert shown.code == 0
    assert shown.out.startswith(f"# {rule}\n\n")
    assert "## Bad" in shown.out
    assert "\x1b[" in call(["venvlint", "rule", rule, "--color", "always"]).out


def test_list_of_rules(call: Call) -> None:
    lines = call(["venvlint", "rule"]).out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == [
        rule for rules in CATALOGUE.values() for rule in rules
    ]


def test_no_such_rule(call: Call) -> None:
    shown = call(["venvlint", "rule", "global-instal"])
    assert (shown.code, shown.out) == (2, "")
    assert shown.err == "error: venvlint rule: no rule is called 'global-instal': did you mean 'global-install'?\n"
