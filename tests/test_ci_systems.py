"""What is read of the CI systems that are rows of a table, of Cloud Build, and of Jenkins."""

from __future__ import annotations

import pytest

from tests.ci import outline, read
from venvlint.model import Script
from venvlint.values import shown

SYSTEMS = [
    pytest.param(
        ".travis.yml",
        "language: python\ninstall: a\nscript: [b, c]\njobs: {include: [{script: d}, {language: shell, script: e}]}",
        ["bash environment: a; b; c", "bash environment: a; d", "bash global: a; e"],
        id="Travis",
    ),
    pytest.param(".travis.yml", "language: cpp\nscript: a", ["bash global: a"], id="Travis in another language"),
    pytest.param(
        ".travis.yml",
        "script: a\njobs: {include: [{language: python}]}",
        ["bash unknown: a"],
        id="Travis in the language of some jobs",
    ),
    pytest.param(
        "appveyor.yml",
        "environment: {matrix: [{PYTHON: 'C:\\P'}]}\ninstall: [a, ps: b]\nbuild_script: [cmd: c]\ntest_script: d",
        ["cmd global: a", "pwsh global: b", "cmd global: c; d"],
        id="AppVeyor",
    ),
    pytest.param(".appveyor.yml", "image: Ubuntu2204\ninstall: [a]", ["bash global: a"], id="AppVeyor on Linux"),
    pytest.param(
        "bitbucket-pipelines.yml",
        "image: continuumio/miniconda3\ndefinitions: {steps: [step: &s {script: [a]}]}\n"
        "pipelines:\n  default:\n  - step: *s\n"
        "  - parallel: [step: {image: 'python:3', script: [b, pipe: x], after-script: [c]}]",
        ["bash -e base: a", "bash -e global: b", "bash -e global: c"],
        id="Bitbucket",
    ),
    pytest.param(
        ".buildkite/pipeline.yml",
        "steps: [{command: a $$B}, {commands: [b, c]}, {group: g, steps: [{command: d}]}, wait]",
        ["bash -e global: a $B", "bash -e global: b; c", "bash -e global: d"],
        id="Buildkite",
    ),
    pytest.param(
        ".cirrus.yml",
        "task: {install_script: [a, b], test_script: c, pip_cache: {populate_script: p}}\n"
        "task: {windows_container: {image: i}, x_script: d}",
        ["bash -e global: a; b", "bash -e global: c", "bash -e global: p", "cmd global: d"],
        id="Cirrus, whose keys may repeat",
    ),
    pytest.param(
        "buildspec.yml",
        "phases: {install: {commands: [a]}, build: {commands: [b], finally: [c]}}",
        ["bash global: a; b; c"],
        id="CodeBuild",
    ),
    pytest.param("codefresh.yml", "steps: {x: {image: i, commands: [a, b]}}", ["bash -e global: a; b"], id="Codefresh"),
    pytest.param(
        ".drone.yml",
        "kind: pipeline\nsteps: [{name: a, commands: [a, 'b $${C}']}, {commands: [d]}]\n---\nsteps: [{commands: [e]}]",
        ["bash -e global: a; b ${C}", "bash -e global: d", "bash -e global: e"],
        id="Drone",
    ),
    pytest.param(
        ".readthedocs.yaml",
        "build: {jobs: {post_install: [a], build: {html: [b]}}}",
        ["bash -e environment: a", "bash -e environment: b"],
        id="Read the Docs",
    ),
    pytest.param(
        ".semaphore/semaphore.yml",
        "global_job_config: {prologue: {commands: [p]}}\n"
        "blocks:\n- task:\n    prologue: {commands: [q]}\n    jobs: [{commands: [a]}, {commands: [b]}]\n"
        "    epilogue: {always: {commands: [z]}}\n",
        ["bash global: p; q; a; z", "bash global: p; q; b; z"],
        id="Semaphore",
    ),
    pytest.param(".build.yml", "tasks: [{a: b}, {c: d}]", ["bash -e global: b", "bash -e global: d"], id="sourcehut"),
    pytest.param(
        ".woodpecker/test.yml",
        "steps: {a: {commands: [b]}, c: {commands: d}}",
        ["bash -e global: b", "bash -e global: d"],
        id="Woodpecker",
    ),
]


@pytest.mark.parametrize(("path", "text", "expected"), SYSTEMS)
def test_system(path: str, text: str, expected: list[str]) -> None:
    assert outline("ci_yaml", path, text) == expected


def test_cloud_build() -> None:
    text = """\
    steps:
      - name: python:3.12
        args: [pip, install, 'a b', $$C]
      - name: python
        entrypoint: bash
        args: ['-ec', "d\\ne"]
      - {name: continuumio/miniconda3, script: f}
      - {name: ubuntu, script: "#!/usr/bin/env python3\\nprint()"}
      - {name: gcr.io/cloud-builders/docker, args: [build, .]}
    """
    assert outline("cloudbuild", "cloudbuild.yaml", text) == [
        "sh global: pip install 'a b' '$C'",
        "bash -e global: d; e",
        "sh -e base: f",
    ]


def test_jenkinsfile() -> None:
    text = r"""
    def pip = 'venv/bin/pip'
    pipeline {
      environment { VIRTUAL_ENV = "${WORKSPACE}/venv" }
      // sh 'comment'
      /* sh 'comment' */
      stages {
        sh 'a "b"'
        sh "${pip} install \"$PACKAGE\" ${params.X ?: 'y'}"
        sh '''
          c $HOME
        '''
        sh(script: "d", returnStdout: true)
        sh(returnStatus: true, script: '''#!/bin/sh
          e''')
        sh label: 'not this', script: 'f'
        bat 'g'
        powershell "h"
        withEnv(["PATH+VENV=${env.WORKSPACE}/venv/bin", 'X=y']) { sh 'i' }
        withPythonEnv('python3') { sh 'j' }
        docker.image('continuumio/miniconda3').inside { sh 'k' }
        echo 'sh l'
        sh "m " + 'n'
      }
    }
    """
    assert outline("jenkinsfile", "Jenkinsfile", text) == [
        'bash -e global: a "b"',
        'bash -e global: venv/bin/pip install "$PACKAGE" ...',
        "bash -e global: ; c $HOME; ",
        "bash -e global: d",
        "sh global: #!/bin/sh; e",
        "bash -e global: f",
        "cmd global: g",
        "pwsh global: h",
        "bash -e global: i",
        "bash -e environment: j",
        "bash -e base: k",
        "bash -e global: m n",
    ]
    found = [script for script in read("jenkinsfile", "Jenkinsfile", text) if isinstance(script, Script)]
    named = next(script for script in found if script.text == "i")
    assert [(name, shown(value)) for name, value in named.variables] == [
        ("VIRTUAL_ENV", "$WORKSPACE/venv"),
        ("PATH", "$WORKSPACE/venv/bin:$PATH"),
        ("X", "y"),
    ]


@pytest.mark.parametrize("module", ["github", "gitlab", "azure", "circleci", "cloudbuild", "ci_yaml"])
@pytest.mark.parametrize(
    "text", ["", "a", "[]", "jobs: [", "steps: x", "jobs: {a: }", "- a\n- {b: [c]}", "script: {a: b}"]
)
def test_odd_documents(module: str, text: str) -> None:
    for found in read(module, ".travis.yml", text):
        assert isinstance(found, Script) or found.line is not None
