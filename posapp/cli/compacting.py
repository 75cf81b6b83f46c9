"""`posapp database compact`."""

from __future__ import annotations

from posapp.cli.session import Session
from posapp.domain.people import Right


def run(session: Session) -> int:
    """Write the file anew; a manager's right, because the shop stands still meanwhile."""
    from posapp.storage.upkeep import compact

    session.ask_permission(Right.RESTORE)
    done = compact(session.store)
    data = {"before": done.before, "after": done.after, "backup": str(done.backup.file), "ok": True}
    text = (
        f"{done.before / 1e6:,.1f} MB before, {done.after / 1e6:,.1f} MB now.\n"
        f"The database as it was before: {done.backup.file}"
    )
    return session.out.finish(data, text)
