"""The files of CI systems: patterns for their paths, in whatever directory they stand. Case makes no difference."""

from __future__ import annotations

# Modules of this package that read one system each.
MODULES: tuple[tuple[str, str], ...] = (
    ("github", r"\.github/workflows/[^/]+\.ya?ml|action\.ya?ml"),
    ("gitlab", r"\.gitlab-ci[^/]*\.ya?ml|[^/]*\.gitlab-ci\.ya?ml|\.gitlab(?:-ci)?/.+\.ya?ml"),
    (
        "azure",
        r"\.?(?:azure|vsts)[^/]*\.ya?ml|\.?azure-?pipelines?[^/]*/.+\.ya?ml|\.(?:azure|azuredevops|ado)/.+\.ya?ml",
    ),
    ("circleci", r"\.circleci/.+\.ya?ml"),
    ("cloudbuild", r"[^/]*cloudbuild[^/]*\.ya?ml"),
    ("jenkinsfile", r"[^/]*jenkinsfile[^/]*|[^/]*\.(?:groovy|jenkins)"),
)

# Systems that are rows of a table: SYSTEMS in ci_systems.
SYSTEMS: tuple[tuple[str, str], ...] = (
    ("appveyor", r"\.?appveyor[^/]*\.ya?ml"),
    ("bitbucket", r"bitbucket-pipelines\.ya?ml"),
    ("buildkite", r"\.buildkite/.+\.ya?ml|\.?buildkite[^/]*\.ya?ml"),
    ("cirrus", r"\.cirrus[^/]*\.ya?ml|\.cirrus/.+\.ya?ml"),
    ("codebuild", r"(?:[^/]*[._-])?buildspec[^/]*\.ya?ml"),
    ("codefresh", r"\.?codefresh[^/]*\.ya?ml|\.codefresh/.+\.ya?ml"),
    ("drone", r"\.drone[^/]*\.ya?ml|\.drone/.+\.ya?ml"),
    ("readthedocs", r"\.?readthedocs\.ya?ml"),
    ("semaphore", r"\.semaphore/.+\.ya?ml"),
    ("sourcehut", r"\.build\.ya?ml|\.builds/.+\.ya?ml"),
    ("travis", r"\.travis\.ya?ml"),
    ("woodpecker", r"\.woodpecker\.ya?ml|\.woodpecker/.+\.ya?ml"),
)
