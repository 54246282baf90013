"""Ansible playbooks and roles, Kubernetes manifests, Helm templates: told from other YAML by their content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.formats import kubernetes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.model import Script, Skipped
    from venvlint.source import Source

# Jenkins Job Builder's: https://jenkins-job-builder.readthedocs.io/en/latest/definition.html
_JENKINS_JOBS = re.compile(r"^- *(?:job(?:-template)?|builder):(?=[\s\S]*^ +builders:)", re.MULTILINE)


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what the file holds, as the format that it is in has it."""
    from venvlint.formats import ansible, azure, ci_yaml, cloud_init

    if cloud_init.HEADER.match(source.text):
        yield from cloud_init.scripts(source, read)
    elif azure.fits(source):
        yield from azure.scripts(source, read)
    elif _JENKINS_JOBS.search(source.text):
        yield from ci_yaml.of_system(source, "jenkins_jobs")
    elif kubernetes.is_manifest(source.text) or not ansible.fits(source):
        yield from kubernetes.scripts(source, read)
    else:
        yield from ansible.scripts(source)
