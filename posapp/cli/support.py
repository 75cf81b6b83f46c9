"""`posapp support FILE`: the support bundle."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from posapp.cli.session import Session
from posapp.config import CONFIG_NAME
from posapp.domain.people import Right


def run(session: Session) -> int:
    """Write the bundle."""
    from posapp.services.doctor import local_checks
    from posapp.services.support import write_bundle

    session.ask_permission(Right.EXPORT)
    now = datetime.now(UTC)
    file = Path(session.options.file).expanduser().absolute()
    settings = session.data_dir / CONFIG_NAME
    text = settings.read_text("utf-8", errors="replace") if settings.exists() else ""
    checks = local_checks(session.store, session.data_dir, now)
    write_bundle(session.store, session.data_dir, file, text, checks, now)
    detail = "Logs, settings, the queue and what could not be read; names, numbers and addresses are masked."
    return session.out.finish({"file": str(file), "ok": True, "detail": detail}, f"Written: {file}. {detail}")
