"""What is read of GitHub workflows and actions: scripts, their shells, and what they start in."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.ci import outline, read
from venvlint.model import Script
from venvlint.values import shown

JOB = """\
    env: {A: one}
    jobs:
      test:
        runs-on: RUNNER
        steps:
"""


def github(steps: str, runner: str = "ubuntu-latest", **files: str) -> list[str]:
    text = dedent(JOB.replace("RUNNER", runner)) + "".join(f"      {line}\n" for line in dedent(steps).splitlines())
    return outline("github", ".github/workflows/x.yml", text, **files)


@pytest.mark.parametrize(
    ("shell", "runner", "expected"),
    [
        pytest.param("", "ubuntu-latest", "bash -e global: a", id="the default of Linux"),
        pytest.param("", "windows-latest", "pwsh global: a", id="the default of Windows"),
        pytest.param("", "[self-hosted, Windows, X64]", "pwsh global: a", id="a Windows runner of one's own"),
        pytest.param("bash", "windows-latest", "bash -e global: a", id="bash on Windows"),
        pytest.param("sh", "ubuntu-latest", "sh -e global: a", id="sh"),
        pytest.param("bash -el {0}", "ubuntu-latest", "bash -el global: a", id="a login shell"),
        pytest.param("bash --login {0}", "ubuntu-latest", "bash -l global: a", id="a login shell by its long option"),
        pytest.param("cmd", "windows-latest", "cmd global: a", id="cmd"),
        pytest.param("cmd /C CALL {0}", "windows-latest", "cmd -l global: a", id="cmd that runs AutoRun"),
        pytest.param("powershell", "windows-latest", "pwsh global: a", id="Windows PowerShell"),
        pytest.param("micromamba-shell {0}", "ubuntu-latest", "bash -e environment: a", id="micromamba's shell"),
        pytest.param("pixi run bash -e {0}", "ubuntu-latest", "bash -e environment: a", id="a shell that pixi runs"),
        pytest.param("nix develop -c bash -e {0}", "ubuntu-latest", "bash -e unknown: a", id="a shell that nix runs"),
        pytest.param("${{ matrix.shell }}", "ubuntu-latest", "bash -e unknown: a", id="a shell that nobody knows"),
        pytest.param("python", "ubuntu-latest", None, id="no shell at all"),
    ],
)
def test_github_shell(shell: str, runner: str, expected: str | None) -> None:
    assert github(f"- run: a\n  shell: {shell}\n", runner) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param("- uses: actions/setup-python@v6\n- run: a", "bash -e global: a", id="setup-python"),
        pytest.param(
            "- uses: astral-sh/setup-uv@v7\n  with: {activate-environment: true}\n- run: a",
            "bash -e environment: a",
            id="setup-uv that activates",
        ),
        pytest.param("- uses: astral-sh/setup-uv@v7\n- run: a", "bash -e global: a", id="setup-uv that doesn't"),
        pytest.param(
            "- uses: astral-sh/setup-uv@v5\n  with: {python-version: '3.12'}\n- run: a",
            "bash -e environment: a",
            id="setup-uv of old",
        ),
        pytest.param(
            "- uses: astral-sh/setup-uv@0123456789012345678901234567890123456789 # v5.4.2\n"
            "  with: {python-version: '3.12'}\n- run: a",
            "bash -e environment: a",
            id="setup-uv pinned by its hash",
        ),
        pytest.param(
            "- uses: astral-sh/setup-uv@v7\n  with: {activate-environment: '${{ matrix.a }}'}\n- run: a",
            "bash -e unknown: a",
            id="setup-uv that may activate",
        ),
        pytest.param(
            "- uses: conda-incubator/setup-miniconda@v3\n- run: a\n  shell: bash -el {0}",
            "bash -el environment: a",
            id="conda in a login shell",
        ),
        pytest.param(
            "- uses: conda-incubator/setup-miniconda@v3\n- run: a",
            "bash -e global: a",
            id="conda in a plain shell, which has no part in it",
        ),
        pytest.param(
            "- uses: conda-incubator/setup-miniconda@v3\n  with: {activate-environment: ''}\n"
            "- run: a\n  shell: bash -l {0}",
            "bash -l base: a",
            id="conda's base",
        ),
        pytest.param(
            "- uses: conda-incubator/setup-miniconda@v3\n- run: a\n  shell: pwsh",
            "pwsh environment: a",
            id="conda in PowerShell",
        ),
        pytest.param(
            "- uses: mamba-org/setup-micromamba@v2\n- run: a\n  shell: cmd /C CALL {0}",
            "cmd -l environment: a",
            id="micromamba in cmd",
        ),
        pytest.param(
            "- uses: mamba-org/setup-micromamba@v2\n- run: a\n  shell: bash -leo pipefail {0}",
            "bash -el environment: a",
            id="micromamba in a login shell",
        ),
        pytest.param(
            "- uses: prefix-dev/setup-pixi@v0.9.0\n  with: {activate-environment: true}\n- run: a",
            "bash -e environment: a",
            id="pixi that activates",
        ),
        pytest.param("- uses: deadsnakes/action@v3.2.0\n- run: a", "bash -e environment: a", id="deadsnakes"),
        pytest.param("- uses: someone/setup-venv@v1\n- run: a", "bash -e unknown: a", id="a name that says venv"),
        pytest.param("- uses: someone/setup-rust@v1\n- run: a", "bash -e global: a", id="another action"),
        pytest.param(
            "- uses: someone/setup-all@v1\n- run: a\n  shell: bash -l {0}",
            "bash -l unknown: a",
            id="another action that may have written a profile",
        ),
    ],
)
def test_github_action(steps: str, expected: str) -> None:
    assert github(steps) == [expected]


def test_github_defaults_variables_and_expressions() -> None:
    text = """\
    env: {VENV: .venv, WHERE: '${{ github.workspace }}/x'}
    defaults: {run: {shell: sh}}
    jobs:
      one:
        runs-on: ubuntu-latest
        env: {B: '${{ env.VENV }}/b'}
        steps:
          - run: ${{ env.VENV }}/bin/pip install "${{ matrix.what }}" ${{ inputs.a || 'b c' }}
            env: {C: c}
      two:
        runs-on: ubuntu-latest
        defaults: {run: {shell: pwsh}}
        strategy: {matrix: {python: ['3.12'], other: '${{ fromJSON(inputs.x) }}'}}
        steps:
          - run: pip${{ matrix.python }} install ${{ matrix.other }}
    """
    one, two = read("github", ".github/workflows/x.yml", text)
    assert isinstance(one, Script)
    assert isinstance(two, Script)
    assert shown(one.text) == '.venv/bin/pip install "..." ...'
    assert len(one.text.split()) == 4, "an expression is one word"
    assert [(name, shown(value)) for name, value in one.variables] == [
        ("VENV", ".venv"),
        ("WHERE", "$PWD/x"),
        ("B", ".venv/b"),
        ("C", "c"),
    ]
    assert (one.shell, two.shell, one.machine, two.machine) == ("sh", "pwsh", "one", "two")
    assert (shown(two.text), one.carry, one.name) == ("pip3.12 install ...", "github", "step")
    host = dedent(text)
    start, end = one.offsets.span(0, len(".venv/bin/pip"))
    assert host[start:end] == "${{ env.VENV }}/bin/pip"
    start, end = one.offsets.span(one.text.index("install"), len(one.text))
    assert host[start:end] == "install \"${{ matrix.what }}\" ${{ inputs.a || 'b c' }}"


def test_github_windows_by_matrix_and_by_condition() -> None:
    text = """\
    jobs:
      windows:
        runs-on: ${{ matrix.os }}
        strategy: {matrix: {os: [windows-2022], include: [{os: windows-11-arm}]}}
        steps: [{run: a}]
      mixed:
        runs-on: ${{ matrix.os }}
        strategy: {matrix: {os: [windows-2022, ubuntu-latest]}}
        steps: [{run: b}, {run: c, if: runner.os == 'Windows'}, {run: d, if: runner.os != 'Windows'}]
    """
    assert outline("github", ".github/workflows/x.yml", text) == [
        "pwsh global: a",
        "bash -e global: b",
        "pwsh global: c",
        "bash -e global: d",
    ]


def test_github_local_actions_are_followed() -> None:
    action = """\
    inputs: {venv: {default: .venv}, extra: {default: none}}
    runs:
      using: composite
      steps:
        - {run: 'echo ${{ inputs.venv }} ${{ inputs.extra }}', shell: bash}
        - uses: astral-sh/setup-uv@v7
          with: {activate-environment: true}
    """
    steps = "- {uses: ./.github/actions/x, with: {venv: env}}\n- run: a\n- uses: ./nowhere"
    assert github(steps, **{".github__actions__x__action": action}) == [
        "bash -e global: [echo env none]",
        "bash -e environment: a",
    ]
    assert outline("github", ".github/actions/x/action.yml", action) == ["bash -e global: echo ... ..."]


def test_github_action_that_uses_itself_ends() -> None:
    action = "runs: {using: composite, steps: [{run: a, shell: bash}, {uses: ./x}]}"
    assert github("- uses: ./x", x__action=action) == ["bash -e global: [a]"]


def test_github_container() -> None:
    text = """\
    jobs:
      a: {runs-on: ubuntu-latest, container: 'condaforge/miniforge3:latest', steps: [{run: a}]}
      b: {runs-on: ubuntu-latest, container: {image: 'python:3.13'}, steps: [{run: b}]}
    """
    assert outline("github", ".github/workflows/x.yml", text) == ["bash -e base: a", "bash -e global: b"]
