"""Runs host files as their hosts do: each script in a real shell of its own, with what the ones before it handed on.

A second reader, apart from venvlint's: it knows no more of Dockerfiles and workflows than the documents in
`tests/scenarios/hosts` use.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.documents import sections
from tests.oracle import stubs
from tests.oracle.case import ROOT, Case, Outcome
from tests.oracle.run import Box
from tests.oracle.scenarios import Scenario, rooted

Environment = dict[str, str]


@dataclass(frozen=True, slots=True)
class HostCase(Case):
    """A host file whose installs are told apart as those of a script are."""

    host: str = ""

    @property
    def path(self) -> str:
        """Return the host file's name in its repository."""
        return self.host


def run(case: HostCase, box: Box) -> Outcome:
    """Run a host file once and leave the system as it was."""
    host = _Host(box, box.prepared())
    text = case.text.replace(ROOT, str(box.root))
    system = next(system for pattern, system in _SYSTEMS.items() if re.search(pattern, case.path))
    for _ in system(host, text):  # each machine ends where one of its scripts fails
        pass
    return box.outcome(b"".join(host.errors), host.is_done)


@dataclass(slots=True)
class _Host:
    box: Box
    system: Environment
    errors: list[bytes] = field(default_factory=list)
    is_done: bool = True

    def call(self, argv: list[str], variables: Environment) -> bool:
        """Run a command in an environment; tell whether it succeeded."""
        program = shutil.which(self.translated(argv[0]), path=variables["PATH"])
        if program is None:
            return False
        errors, status = self.box.execute([program, *argv[1:]], variables)
        self.errors.append(errors)
        self.is_done &= status is not None
        return status == 0

    def translated(self, program: str) -> str:
        """Return the scratch system's program for one of the real one's."""
        return str(self.box.root / program.lstrip("/")) if re.match(r"/(usr/)?bin/", program) else program

    def script(self, shell: list[str], text: str, variables: Environment) -> bool:
        """Write a script to a file, run it, and tell whether it succeeded."""
        path = self.box.root / "script"
        path.write_text(text, encoding="utf-8")
        return self.call([str(path) if word == "{0}" else word for word in shell], variables)


def _dockerfile(host: _Host, text: str) -> Iterator[bool]:
    stages: dict[str, Environment] = {}
    image, build, shell, command = host.system, Environment(), ["/bin/sh", "-c"], ""
    is_well = True
    for line in _logical_lines(text):
        keyword, _, rest = line.partition(" ")
        if keyword == "FROM":
            name, _, alias = rest.partition(" AS ")
            image, build, shell, is_well = dict(stages.get(name, host.system)), {}, ["/bin/sh", "-c"], True
            stages[alias] = image
        elif keyword == "ENV":
            image.update(_expanded(host, rest, {**build, **image}))
        elif keyword == "ARG":
            build.update(_expanded(host, rest, {**build, **image}))
        elif keyword == "SHELL":
            shell = json.loads(rest)
        elif keyword in ("CMD", "ENTRYPOINT"):
            command = rest
        elif keyword == "RUN" and is_well:
            is_well = _instruction(host, rest, shell, {**build, **image})
            yield is_well
    if command and is_well:
        yield _instruction(host, command, shell, image)


def _instruction(host: _Host, text: str, shell: list[str], variables: Environment) -> bool:
    if text.startswith("["):
        return host.call(json.loads(text), variables)
    if heredoc := re.fullmatch(r"<<(\w+)\n(.*)", text, re.DOTALL):
        text = heredoc[2]
    return host.call([*shell, text], variables)


def _logical_lines(text: str) -> Iterator[str]:
    lines = iter(text.splitlines())
    for line in lines:
        if not line or line.startswith("#"):
            continue
        while line.endswith("\\"):
            more = next(line for line in lines if not line.lstrip().startswith("#"))
            line = line[:-1] + more
        if heredoc := re.search(r"<<(\w+)$", line):
            for more in lines:
                if more == heredoc[1]:
                    break
                line += f"\n{more}"
        yield line


def _expanded(host: _Host, text: str, variables: Environment) -> Environment:
    """Return the values of `A=1 B="$A"`, all of which see what was there before: a shell's rules are close enough."""
    out = host.box.root / "values"
    quoted = ["\x00".join(pair) for pair in re.findall(r'(\w+)=("[^"]*"|\S*)', text)]
    script = "".join(f"printf '%s\\n' {value}\n" for _, value in (pair.split("\x00") for pair in quoted))
    host.box.execute([stubs.tool("dash"), "-fc", f"IFS=; {{ :; {script} }} >{out}"], variables)
    names = [pair.split("\x00")[0] for pair in quoted]
    return dict(zip(names, out.read_text().splitlines(), strict=True))


_STEP_SHELLS = {
    "": ["bash", "-e", "{0}"],
    "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail", "{0}"],
    "sh": ["sh", "-e", "{0}"],
}


def _workflow(host: _Host, text: str) -> Iterator[bool]:
    workflow = yaml.safe_load(text)
    files = {name: host.box.root / name for name in ("GITHUB_ENV", "GITHUB_PATH")}
    for job in workflow["jobs"].values():
        lasting = {**host.system, "GITHUB_WORKSPACE": str(host.box.work), **_strings(workflow), **_strings(job)}
        for step in job["steps"]:
            if "run" not in step:
                continue
            for path in files.values():
                path.write_text("")
            shell = step.get("shell") or job.get("defaults", {}).get("run", {}).get("shell", "")
            given = {name: str(path) for name, path in files.items()}
            is_well = host.script(_STEP_SHELLS[shell], step["run"], {**lasting, **given, **_strings(step)})
            yield is_well
            if not is_well:
                break
            lasting |= _assigned(files["GITHUB_ENV"].read_text())
            for line in files["GITHUB_PATH"].read_text().splitlines():
                lasting["PATH"] = f"{line}{os.pathsep}{lasting['PATH']}"


def _strings(node: Mapping[str, Any]) -> Environment:
    return {name: str(value) for name, value in node.get("env", {}).items()}


def _assigned(text: str) -> Environment:
    """Read what the runner reads: `NAME=value`, and `NAME<<END` with lines up to END."""
    found: Environment = {}
    lines = iter(text.splitlines())
    for line in lines:
        if match := re.match(r"(\w+)<<(.+)", line):
            value = list(iter(lambda: next(lines), match[2]))
            found[match[1]] = "\n".join(value)
        elif "=" in line:
            name, _, rest = line.partition("=")
            found[name] = rest
    return found


def _gitlab(host: _Host, text: str) -> Iterator[bool]:
    root = yaml.safe_load(text)
    for name, job in root.items():
        if name in ("default", "variables", "before_script", "after_script") or name.startswith("."):
            continue
        job = {**root, **root.get("default", {}), **root.get(job.get("extends"), {}), **job}
        variables = {**host.system, **root.get("variables", {}), **job.get("variables", {})}
        shell = ["bash", "-eo", "pipefail", "{0}"]
        yield host.script(shell, "\n".join([*job.get("before_script", []), *job["script"]]), variables)
        if "after_script" in job:
            yield host.script(shell, "\n".join(job["after_script"]), variables)


def _circleci(host: _Host, text: str) -> Iterator[bool]:
    for job in yaml.safe_load(text)["jobs"].values():
        kept = host.box.root / "BASH_ENV"
        kept.write_text("")
        variables = {**host.system, "BASH_ENV": str(kept), **job.get("environment", {})}
        for step in job["steps"]:
            command = step["run"] if isinstance(step["run"], str) else step["run"]["command"]
            is_well = host.script(["bash", "-eo", "pipefail", "{0}"], command, variables)
            yield is_well
            if not is_well:
                break


_SYSTEMS = {
    r"Dockerfile": _dockerfile,
    r"\.github/": _workflow,
    r"\.gitlab-ci": _gitlab,
    r"\.circleci/": _circleci,
}
DIRECTORY = Path(__file__).parents[1] / "scenarios" / "hosts"


def scenarios() -> Iterator[Scenario]:
    """Yield the scenarios of all documents about hosts."""
    for document in sorted(DIRECTORY.glob("*.md")):
        for section in sections(document.read_text(encoding="utf-8"), document.name)[1:]:
            host, landings = section.blocks
            yield Scenario(
                document, section.title, HostCase("host", "bash", rooted(host.body), host=host.file), landings
            )
