"""`posapp drill`: a backup restored into a scratch directory, opened and counted."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from posapp.cli.output import table
from posapp.cli.session import Session
from posapp.domain.errors import StorageError
from posapp.domain.people import Right

if TYPE_CHECKING:
    from posapp.storage.drill import Counts, DrillReport
    from posapp.storage.store import Store

_NAMES = {
    "orders": "orders",
    "lines": "lines of orders",
    "events": "entries of the history",
    "payments": "payments",
}


def run(session: Session) -> int:
    """Try a backup out."""
    from posapp.services.backups import not_good

    report = _report(session)
    data = {
        "file": str(report.file),
        "ok": report.ok,
        "in_file": asdict(report.in_file),
        "restored": asdict(report.restored),
        "here": asdict(report.here) if report.here is not None else None,
        "since": [asdict(since) for since in report.since],
        "upgraded_from": report.upgraded_from,
        "problems": list(report.problems),
    }
    return session.out.finish(data, _text(report), None if report.ok else not_good(report))


def _report(session: Session) -> DrillReport:
    from posapp.services.backups import newest_backup
    from posapp.storage.drill import drill

    name = session.options.file
    file = Path(name).expanduser().absolute() if name else None
    live = _present(session)
    if live is not None:
        session.ask_permission(Right.RESTORE)
        return drill(file or newest_backup(live, session.config.backups), session.data_dir, live)
    if file is None:
        raise StorageError(
            "The present database cannot be read.", remedy="Name the backup: posapp drill FILE."
        )
    return drill(file, session.data_dir, None)


def _present(session: Session) -> Store | None:
    """Return the present database; one that cannot be read makes trying a backup only more urgent."""
    try:
        return session.store
    except StorageError:
        return None


def _text(report: DrillReport) -> str:
    here = report.here
    heads = ("", "in the backup", "restored", "here now")
    rows = [
        (
            word,
            *(
                f"{getattr(counts, name):,}" if counts else ""
                for counts in (report.in_file, report.restored, here)
            ),
        )
        for name, word in _NAMES.items()
    ]
    states = sorted(set(report.in_file.queue or ()) | set(here.queue or () if here else ()))
    rows += [
        (f"changes {state}", _of(report.in_file, state), _of(report.restored, state), _of(here, state))
        for state in states
    ]
    lines = [table(heads, rows), ""]
    lines += [f"Upgraded from schema {report.upgraded_from}."] if report.upgraded_from else []
    lines += _explained(report)
    lines.append(f"{'Good' if report.ok else 'Not good'}: {report.file}. Nothing here was changed.")
    return "\n".join(lines)


def _of(counts: Counts | None, state: str) -> str:
    return f"{(counts.queue or {}).get(state, 0):,}" if counts else ""


def _explained(report: DrillReport) -> list[str]:
    if report.here is None:
        return ["Not compared with the present database: it is another one, or cannot be read."]
    added = [f"{since.added:,} {_NAMES[since.name]}" for since in report.since if since.added]
    missing = [f"{since.missing:,} {_NAMES[since.name]}" for since in report.since if since.missing]
    lines = [f"Came since: {', '.join(added)}."] if added else ["Nothing came since."]
    if missing:
        lines.append(f"In the backup and not here: {', '.join(missing)}. Was an older backup restored?")
    return lines
