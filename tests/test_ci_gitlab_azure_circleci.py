"""What is read of GitLab, Azure Pipelines, and CircleCI: scripts, and what stands in other files."""

from __future__ import annotations

from tests.ci import outline, read
from venvlint.model import Script


def test_gitlab_shells_of_a_job() -> None:
    text = """\
    default:
      before_script: [a, [b]]
    variables: {V: v}
    one:
      script:
        - c
        - |
          d
          e
      after_script: [f]
    two:
      before_script: []
      image: {name: continuumio/miniconda3}
      script: g
    three:
      tags: [saas-windows-medium-amd64]
      script: h
    four: {trigger: x}
    """
    assert outline("gitlab", ".gitlab-ci.yml", text) == [
        "bash -e global: a; b; c; d; e",
        "bash -e global: f",
        "bash -e base: g",
        "pwsh global: a; b; h",
        "bash -e global: a; b",
    ]


def test_gitlab_extends_anchors_and_references() -> None:
    text = """\
    .a:
      before_script: &b [b]
      variables: {A: a}
    .scripts: {more: [c, !reference [.a, before_script]]}
    .unused: {script: [u]}
    one:
      extends: .a
      variables: {B: b}
      script: [*b, !reference [.scripts, more], !reference [.nowhere, script], d]
    two: {extends: [.a, .missing], script: e}
    three: {extends: .missing, script: 'f $[[ inputs.x ]]'}
    """
    assert outline("gitlab", ".gitlab-ci.yml", text) == [
        "bash -e global: b; b; c; b; [. ...]; d",
        "bash -e global: b; e",
        "bash -e unknown: f ...",
        "bash -e global: u",
    ]
    one = read("gitlab", ".gitlab-ci.yml", text)[0]
    assert isinstance(one, Script)
    assert one.variables == (("A", "a"), ("B", "b"))


def test_gitlab_includes_are_followed_both_ways() -> None:
    root = """\
    include: [ci/a.yml, {local: /ci/b.yml}, {project: p, file: f}]
    default: {before_script: [r]}
    one: {extends: .b, script: s}
    """
    a = ".a: {script: [a]}\ntwo: {extends: .b, script: t}\n"
    b = ".b: {before_script: [b]}\n"
    files = {"ci__a": a, "ci__b": b, ".gitlab-ci": root}
    assert outline("gitlab", ".gitlab-ci.yml", root, **files) == ["bash -e global: [b]; s", "bash -e global: r"]
    assert outline("gitlab", "ci/a.yml", a, **files) == ["bash -e global: [b]; t", "bash -e global: [r]; a"]
    assert outline("gitlab", "ci/a.yml", a) == ["bash -e unknown: t", "bash -e global: a"]


def test_gitlab_cycles_end() -> None:
    text = """\
    include: .gitlab-ci.yml
    one: {extends: two, script: [!reference [one, script], a]}
    two: {extends: one}
    """
    assert read("gitlab", ".gitlab-ci.yml", text)


def test_azure_steps() -> None:
    text = """\
    variables: {venv: .venv, python.version: '3.12'}
    pool: {vmImage: ubuntu-latest}
    jobs:
      - job: a
        steps:
          - script: $(venv)/bin/pip install $(Build.SourcesDirectory) $(pwd) ${{ parameters.p }}
          - bash: b
          - pwsh: c
          - powershell: d
          - ${{ if eq(variables.x, 'y') }}:
              - script: e
          - task: Bash@3
            inputs: {targetType: inline, script: f}
          - task: Bash@3
            inputs: {script: g}
          - task: CondaEnvironment@1
            inputs: {createCustomEnvironment: true}
          - script: h
            condition: eq(variables['Agent.OS'], 'Windows_NT')
      - job: b
        pool: {vmImage: windows-latest}
        steps: [{script: i}, {bash: j}]
      - job: c
        pool: {vmImage: $(image)}
        strategy: {matrix: {one: {image: windows-2022}, two: {image: windows-2025}}}
        steps: [{script: 'k $(image)'}]
      - deployment: d
        strategy: {runOnce: {deploy: {steps: [{script: l}]}}}
    """
    assert outline("azure", "azure-pipelines.yml", text) == [
        "bash global: .venv/bin/pip install $PWD $(pwd) ...",
        "bash global: b",
        "pwsh global: c",
        "pwsh global: d",
        "bash global: e",
        "bash global: f",
        "cmd environment: h",
        "cmd global: i",
        "bash global: j",
        "cmd global: k $IMAGE",
        "bash global: l",
    ]
    first = read("azure", "azure-pipelines.yml", text)[0]
    assert isinstance(first, Script)
    assert first.variables == (("VENV", ".venv"), ("PYTHON_VERSION", "3.12"))
    assert first.carry == "azure"


def test_azure_templates_are_followed() -> None:
    text = "steps: [{template: t.yml, parameters: {a: x}}, {template: t.yml@elsewhere}, {script: b}]"
    template = (
        "parameters: [{name: a}, {name: b, default: y}]\nsteps: [{script: '${{ parameters.a }} ${{ parameters.b }}'}]"
    )
    found = outline("azure", "ci/azure.yml", text, ci__t=template)
    assert found == ["bash global: [x y]", "bash global: b"]


def test_circleci() -> None:
    text = """\
    executors: {e: {docker: [{image: continuumio/miniconda3}], environment: {E: e}}}
    commands:
      c: {parameters: {p: {type: string}}, steps: [{run: 'c << parameters.p >>'}]}
      unused: {steps: [{run: u}]}
    jobs:
      one:
        docker: [{image: 'cimg/python:3.12'}]
        steps:
          - checkout
          - run: a
          - run: {command: b, shell: /bin/sh, environment: {V: v}}
          - c: {p: x}
          - when: {condition: true, steps: [{run: w}]}
          - python/install-packages
          - run: d
      two: {executor: e, steps: [c]}
      three: {executor: win/default, steps: [{run: f}]}
    """
    assert outline("circleci", ".circleci/config.yml", text) == [
        "bash -e global: a",
        "sh -e global: b",
        "bash -e global: c ...",
        "bash -e global: w",
        "bash -e unknown: d",
        "bash -e base: c ...",
        "pwsh global: f",
        "bash -e global: u",
    ]
