"""From what a run looked at to its report: collects findings, mends, publishes, and says what people should know."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint import checks, reports
from venvlint.model import Finding, Skipped
from venvlint.reports import Report, plain, streams
from venvlint.run import Looked, Run
from venvlint.settings import SettingsError
from venvlint.source import Source

if TYPE_CHECKING:
    from venvlint import fixes


def report(run: Run, looked: Looked, with_baseline: bool = True) -> Report:
    """Apply the rules to the scripts, and put everything that was found in order."""
    skipped = [item for item in looked.files if isinstance(item, Skipped) and not run.settings.is_excluded(item.path)]
    items = [*looked.items]
    sources: dict[str, Source] = {}
    for each in looked.files:
        if not isinstance(each, Skipped) and not run.settings.is_excluded(each[0]):
            try:
                sources[each[0]] = source = Source(*each)
            except UnicodeDecodeError:
                skipped.append(Skipped(each[0], "not valid UTF-16"))
            else:
                items += _in_scripts(run, source)
    hosts = frozenset(sources)
    found = [item for item in items if isinstance(item, Finding)]
    sources |= {path: Source(path, data) for path, data in _other_sources(run, found, hosts)}
    kept, silenced = checks.unsilenced(found, sources, hosts, run.rules, run.settings)
    if not run.is_on_disk:  # what is staged or committed may differ from what is on disk, where an edit would be made
        kept = [replace(finding, fix=None) if finding.path in hosts else finding for finding in kept]
    entries = reports.entries(checks.reported(kept, run.settings, run.options.possible), sources)
    known = _baseline(run) if with_baseline else frozenset()
    left = tuple(entry for entry in entries if entry.fingerprint not in known)
    skipped += [item for item in items if isinstance(item, Skipped)]
    in_order = sorted(set(skipped), key=lambda each: (each.path, each.line or 0, each.reason))
    return Report(left, tuple(in_order), looked.count, silenced, len(entries) - len(left))


def _in_scripts(run: Run, source: Source) -> list[Finding | Skipped]:
    bad_bytes = checks.undecodable(source)
    items: list[Finding | Skipped] = [bad_bytes] if bad_bytes else []
    try:
        items.extend(checks.script_findings(source, run.read, run.rules, run.settings))
    except RecursionError:
        items.append(Skipped(source.path, "nested too deeply to follow"))
    except Exception as error:  # one file mustn't keep the others from being checked
        if os.environ.get("VENVLINT_DEBUG"):
            raise
        reason = f"internal error: {type(error).__name__}: {error}"
        items.append(Skipped(source.path, reason, is_error=True))
    return items


def _other_sources(run: Run, findings: Iterable[Finding], hosts: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files that findings point into and that weren't looked at as scripts."""
    for path in sorted({finding.path for finding in findings if finding.span is not None} - hosts):
        data = run.read(path)
        if data is not None:
            yield path, data


def _baseline(run: Run) -> frozenset[str]:
    path = _baseline_path(run)
    if path is None:
        return frozenset()
    from venvlint import baseline

    return baseline.load(path)


def _baseline_path(run: Run) -> str | None:
    if run.options.baseline:
        return run.options.baseline
    return os.path.join(run.root, run.settings.baseline) if run.settings.baseline else None


def mend(run: Run, found: Report) -> int:
    """Carry out the fixes of the findings that are reported; return how many findings that mends."""
    if run.options.rev is not None:
        raise SettingsError("--fix changes files on disk, and --rev looks at a commit: use one of them")
    from venvlint import fixes

    made = _plan(run, found)
    if made.is_empty:
        return 0
    fixes.carry_out(made, run.root, run.repo if made.untrack else None)
    return made.findings


def _plan(run: Run, found: Report) -> fixes.Plan:
    from venvlint import fixes

    return fixes.plan((entry.finding for entry in found.entries), run.root)


def publish(run: Run, found: Report) -> None:
    """Print the report, or with `--diff` what would be changed, to where it was asked for."""
    options = run.options
    if options.diff:
        from venvlint import fixes

        streams.show(fixes.difference(_plan(run, found)), options.color)
        if not options.output:
            return
    with streams.opened(options.output) as out:
        reports.write(found, options.format, out, streams.has_colour(options.color, out))


def notes(run: Run, found: Report, fixed: int) -> Iterator[str]:
    """Yield the lines for standard error: what was skipped, and a summary."""
    for each in found.skipped:
        if each.is_error or run.options.format not in ("json", "sarif"):
            place = plain(each.path) if each.line is None else f"{plain(each.path)}:{each.line}"
            yield f"{place}: skipped: {plain(each.reason)}"
    if not run.options.quiet:
        yield ", ".join(_summary(found, fixed))


def _summary(found: Report, fixed: int) -> Iterator[str]:
    where = f" in {_counted(found.files, 'file')}" if found.files else ""
    yield f"{_counted(len(found.entries), 'finding')}{where}"
    mendable = sum(entry.finding.fix is not None for entry in found.entries)
    extra = {
        "mended": fixed,
        "that --fix mends": mendable,
        "suppressed": found.suppressed,
        "in the baseline": found.baselined,
        "skipped": len(found.skipped),
    }
    yield from (f"{number} {what}" for what, number in extra.items() if number)


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def save(run: Run, found: Report) -> Iterator[str]:
    """Write the findings to a baseline, and yield what to say about it."""
    from venvlint import baseline

    path = run.options.output or _baseline_path(run) or os.path.join(run.root, baseline.DEFAULT)
    baseline.save(path, found.entries)
    yield from (f"{plain(each.path)}: skipped: {plain(each.reason)}" for each in found.skipped)
    yield f"{_counted(len(found.entries), 'finding')} written to {plain(path)}"
