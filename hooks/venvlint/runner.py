"""What every hook shares: the order of work, what is printed for people, and the exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator

from venvlint.options import Options
from venvlint.run import Looked, Run

TYPE_CHECKING = False  # as type checkers know it; typing takes milliseconds to import
if TYPE_CHECKING:
    from venvlint.model import Finding, Skipped

CLEAN, FINDINGS, FAILED = 0, 1, 2
_INTERRUPTED = 130  # as shells report it
_ISSUES = "https://github.com/venvlint/venvlint/issues"


def run(hooks: tuple[str, ...], options: Options) -> int:
    """Check what `options` name with the rules of `hooks`, print a report, and return the exit code."""
    return guarded(lambda: _checked(Run(hooks, options)))


def save_baseline(hooks: tuple[str, ...], options: Options) -> int:
    """Write what there is to find to a baseline, instead of reporting it."""
    return guarded(lambda: _saved(Run(hooks, options)))


def guarded(work: Callable[[], int]) -> int:
    """Return what `work` returns; turn its exceptions into one line and an exit code that can't be mistaken."""
    gc.set_threshold(1_000_000, 20, 100)  # trees are many small objects that stay: looking through them takes long
    try:
        code = work()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # see https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # a crash mustn't look like findings
        if os.environ.get("VENVLINT_DEBUG"):
            import traceback

            traceback.print_exc()
        _say(_explained(error))
        return FAILED
    return code


def _explained(error: Exception) -> str:
    from venvlint.repo import RepositoryError
    from venvlint.settings import SettingsError

    if isinstance(error, RepositoryError | SettingsError):
        return f"error: {error}"
    if isinstance(error, OSError) and error.filename is not None:
        return f"error: {error.filename}: {error.strerror}"
    return (
        f"internal error: {type(error).__name__}: {error}; please report it at {_ISSUES} (VENVLINT_DEBUG=1 shows where)"
    )


def _say(line: str) -> None:
    """Print a line for people, which is never part of a report."""
    try:
        print(line.encode("utf-8", "backslashreplace").decode(), file=sys.stderr)
    except BrokenPipeError:  # nobody is listening
        return


def _looked(run: Run) -> Looked:
    """Look through the files and the repository, as far as that needs little."""
    looked = Looked()
    if "no-global-pip" in run.hooks:
        from venvlint.formats import can_matter

        for item in run.files():
            looked.count += isinstance(item, tuple)
            if not isinstance(item, tuple) or can_matter(*item):
                looked.files.append(item)
    looked.items = list(_in_repository(run))
    return looked


def _in_repository(run: Run) -> Iterator[Finding | Skipped]:
    hooks = [*run.hooks_of_paths()]
    if not hooks:
        return
    from venvlint import checks

    for hook in hooks:
        if hook == "venv-gitignored":
            found = checks.tree_findings(run.repo_if_any, run.root, run.rules, run.settings)
        else:
            found = checks.index_findings(run.repo, run.rules, run.settings, run.scope)
        yield from (item for item in found if run.is_named(item.path))


def _checked(run: Run) -> int:
    looked = _looked(run)
    if not looked.files and not looked.items and run.is_plain:  # most runs of a hook end here, and fast
        if not run.options.quiet:
            _say("no findings" + (f" in {looked.count} file{'s' * (looked.count != 1)}" if looked.count else ""))
        return CLEAN
    from venvlint import outcome

    fixed = 0
    report = outcome.report(run, looked)
    if run.options.fix and (fixed := outcome.mend(run, report)):
        run = Run(run.hooks, run.options)
        report = outcome.report(run, _looked(run))
    outcome.publish(run, report)
    for line in outcome.notes(run, report, fixed):
        _say(line)
    if any(each.is_error for each in report.skipped):
        return FAILED
    return FINDINGS if (report.entries or fixed) and not run.options.exit_zero else CLEAN


def _saved(run: Run) -> int:
    from venvlint import outcome

    report = outcome.report(run, _looked(run), with_baseline=False)
    for line in outcome.save(run, report):
        _say(line)
    return FAILED if any(each.is_error for each in report.skipped) else CLEAN
