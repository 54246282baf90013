"""CI systems whose scripts stand in plain YAML: a row says where, in which order, in which shell."""

from __future__ import annotations

from dataclasses import dataclass

from venvlint.formats.images import Start
from venvlint.model import Shell


@dataclass(frozen=True, slots=True)
class System:
    """Where a CI system's scripts stand.

    Paths are keys joined by dots: `*` is any item or value, `0` the first item, `**` anything below, and `*_script`
    matches keys.
    """

    # Mappings that hold scripts.
    holders: tuple[str, ...]
    # Paths of scripts from a holder, or from what it stands in: each group runs in one shell, in this order. A path
    # with a star gives a shell to each match.
    scripts: tuple[tuple[str, ...], ...]
    # Whether a holder's own script replaces what stands further out; otherwise both run, the outer one first.
    replaces: bool = False
    # Where a machine begins: what is made there lasts for the holders in it. "" is the document; None each holder.
    machine: str | None = None
    usual: Shell = "bash"  # the shell, where nothing tells of another
    options: str = "e"
    start: Start = "global"
    # (key, value) at a holder, or further out, with which its scripts start in an environment.
    isolated: tuple[str, str] | None = None
    # Paths of the variables and of the container's image, each from a holder or from what it stands in.
    variables: tuple[str, ...] = ("environment", "env", "variables")
    image: tuple[str, ...] = ("image",)
    # (path, pattern, shell): what tells of another shell than the usual one. The first that fits counts.
    shells: tuple[tuple[str, str, Shell], ...] = ()
    # Whether a shell hands its variables on to the next one of the holder.
    is_session: bool = False
    # Whether the system itself replaces `$$` by `$` before the shell sees it.
    halves_dollars: bool = False


SYSTEMS: dict[str, System] = {
    "appveyor": System(
        holders=("", "for.*"),
        scripts=(
            (
                *("init", "install", "before_build", "build_script", "after_build", "before_test", "test_script"),
                *("after_test", "before_package", "before_deploy", "deploy_script", "after_deploy"),
                *("on_success", "on_failure", "on_finish"),
            ),
        ),
        replaces=True,
        usual="cmd",
        options="",
        variables=("environment", "environment.global", "environment.matrix.0"),
        image=(),
        shells=(("image", "^(ubuntu|macos)", "bash"),),
        is_session=True,
    ),
    "bitbucket": System(
        holders=("**.step",),
        scripts=(("script",), ("after-script",)),
        image=("image", "image.name"),
        variables=(),
        shells=(("runs-on", "windows", "pwsh"), ("runs-on.*", "windows", "pwsh")),
    ),
    "buildkite": System(
        holders=("*", "steps.*", "steps.*.steps.*"),
        scripts=(("commands", "command"),),
        halves_dollars=True,
    ),
    "cirrus": System(
        holders=("**",),
        scripts=(("*_script",), ("script",)),
        image=("container.image", "docker_builder.image"),
        shells=(
            ("env.CIRRUS_SHELL", "bash", "bash"),
            ("env.CIRRUS_SHELL", "powershell", "pwsh"),
            ("windows_container", "", "cmd"),
        ),
    ),
    "codebuild": System(
        holders=("",),
        scripts=(
            tuple(
                f"phases.{phase}.{part}"
                for phase in ("install", "pre_build", "build", "post_build")
                for part in ("commands", "finally")
            ),
        ),
        options="",
        variables=("env.variables",),
        image=(),
    ),
    "codefresh": System(
        holders=("steps.*", "steps.*.steps.*"),
        scripts=(("commands",),),
    ),
    "drone": System(
        holders=("steps.*", "pipeline.*"),
        scripts=(("commands",),),
        machine="",
        shells=(("platform.os", "windows", "pwsh"),),
        halves_dollars=True,
    ),
    "jenkins_jobs": System(
        holders=("*.job", "*.job-template", "*.builder"),
        scripts=(("builders.*.shell",), ("builders.*.shell.command",)),
        image=(),
        variables=(),
    ),
    "readthedocs": System(
        holders=("build",),
        scripts=(("commands",), ("jobs.*",), ("jobs.build.*",)),
        start="environment",
        variables=(),
        image=(),
    ),
    "semaphore": System(
        holders=("blocks.*.task.jobs.*", "after_pipeline.task.jobs.*"),
        scripts=(
            (
                *("global_job_config.prologue.commands", "prologue.commands", "commands"),
                *("epilogue.always.commands", "epilogue.on_pass.commands", "epilogue.on_fail.commands"),
                *("global_job_config.epilogue.always.commands", "global_job_config.epilogue.on_pass.commands"),
            ),
        ),
        options="",
        variables=("global_job_config.env_vars", "env_vars"),
        image=("agent.containers.*.image",),
    ),
    "sourcehut": System(
        holders=("",),
        scripts=(("tasks.*.*",),),
    ),
    "travis": System(
        holders=("", "jobs.include.*", "matrix.include.*"),
        scripts=(
            (
                *("before_install", "install", "before_script", "script", "after_success", "after_failure"),
                *("before_deploy", "deploy.script", "after_deploy", "after_script"),
            ),
        ),
        replaces=True,
        options="",
        isolated=("language", "python"),
        variables=("env.global", "env.matrix.0", "env.jobs.0"),
        image=(),
    ),
    "woodpecker": System(
        holders=("steps.*", "pipeline.*"),
        scripts=(("commands",),),
        machine="",
        halves_dollars=True,
    ),
}
