"""Ansible playbooks and roles, Kubernetes manifests, Helm templates: told from other YAML by their content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint.formats import kubernetes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.model import Script, Skipped
    from venvlint.source import Source


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what the file holds, as the format that it is in has it."""
    from venvlint.formats import ansible, cloud_init

    if cloud_init.HEADER.match(source.text):
        yield from cloud_init.scripts(source, read)
    elif kubernetes.is_manifest(source.text) or not ansible.fits(source):
        yield from kubernetes.scripts(source, read)
    else:
        yield from ansible.scripts(source)
