"""`posapp sync`: one round, or rounds for ever without a window."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any

from posapp.cli.errors import WaitingError
from posapp.cli.session import Session
from posapp.config import load
from posapp.domain.errors import DatabaseAwayError, NeedsPersonError, PosError, UsageError
from posapp.domain.status import RowState

if TYPE_CHECKING:
    from posapp.storage.store import Store
    from posapp.sync.rounds import RoundResult

log = logging.getLogger(__name__)

TIMEOUT_S = 30.0
_AWAY_S = 3.0  # between two looks for a server that is away
_NAMED = 5  # orders in a sentence
_NO_CAP = 2**62


def run(session: Session) -> int:
    """Run the command."""
    if session.options.watch:
        if session.options.timeout is not None:
            raise UsageError("--timeout is for --once.", remedy="Leave it out, or say --once.")
        return _watch(session)
    return _once(session)


def _once(session: Session) -> int:
    from posapp.sync.rounds import run_once

    store = session.store
    session.log_to_file()
    timeout = session.options.timeout or TIMEOUT_S
    result = run_once(store, session.config, session.secrets, timeout)
    return session.out.finish(_object(result), _sentence(result), _problem(session, result))


def _object(result: RoundResult) -> dict[str, Any]:
    return {
        "pulled": result.pulled,
        "pushed": result.pushed,
        "pending": result.pending,
        "attention": result.attention,
        "quarantined": result.quarantined,
        "reachable": result.reachable,
    }


def _sentence(result: RoundResult) -> str:
    parts = [
        f"{result.pulled} taken in",
        f"{result.pushed} sent",
        f"{result.pending} waiting",
        f"{result.attention} for a person",
    ]
    if result.quarantined:
        parts.append(f"{result.quarantined} could not be read")
    if not result.reachable:
        parts.append("a shop could not be reached")
    return ", ".join(parts) + "."


def _problem(session: Session, result: RoundResult) -> PosError | None:
    """Return why the exit code is not 0, with what is known of the remotes' troubles."""
    code = result.exit_code()
    if code == 0:
        return None
    from posapp.storage.details import remote_rows

    names = {remote.name for remote in session.config.remotes}
    troubles = [row for row in remote_rows(session.store) if row.trouble and row.name in names]
    detail = " ".join(f"{row.name}: {row.detail or row.trouble}" for row in troubles)
    if code == NeedsPersonError.exit_code:
        asked = _asked(session.store)
        detail = " ".join(part for part in (asked, detail) if part)
        detail = detail or f"Orders that wait for a decision: {result.attention}."
        locked = next((row.name for row in troubles if row.sign_in), "")
        remedy = "posapp remotes list shows the shops, posapp queue list the changes."
        if locked:
            remedy = f"Give the right key or password: posapp remotes password {locked}"
        return NeedsPersonError("Something needs a person.", detail, remedy)
    if result.reachable:
        title, known = "Work is left waiting.", f"Changes that are not confirmed yet: {result.pending}."
    else:
        title, known = "A shop could not be reached.", "No answer came in the time given."
    detail = detail or known
    return WaitingError(title, detail, "Nothing is lost: the next round goes on with it.")


def _asked(store: Store) -> str:
    """Name the orders that wait for a person, the first of many; "" when there are none."""
    from posapp.storage.details import queue_rows

    rows = queue_rows(store, states=(RowState.PARKED, RowState.CONFLICT, RowState.DEAD), limit=_NO_CAP)
    codes = list(dict.fromkeys(row.order_code for row in rows))
    if not codes:
        return ""
    named = ", ".join(f"#{code}" for code in codes[:_NAMED])
    more = ", …" if len(codes) > _NAMED else ""
    return f"Orders that wait for a decision: {len(codes)} ({named}{more})."


def _watch(session: Session) -> int:
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    session.log_to_file()
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        if _wait_for_database(session, stop):
            _send_until(session, stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _wait_for_database(session: Session, stop: threading.Event) -> bool:
    """Open the database, again and again while its server is away; False when it is to stop before that."""
    told = False
    while not stop.is_set():
        try:
            _ = session.store
        except DatabaseAwayError as error:
            if not told:
                log.warning("Waiting for the database: %s", error)
                session.out.note(f"{error.title} Waiting for it; Ctrl+C ends it.")
            told = True
            stop.wait(_AWAY_S)
        else:
            return True
    return False


def _send_until(session: Session, stop: threading.Event) -> None:
    from posapp.app.chores import forgets_by_age
    from posapp.app.heart import beating
    from posapp.cli.starts import StartThread
    from posapp.storage.backup_worker import BackupWorker
    from posapp.sync.worker import run_watch

    store = session.store
    heart = beating(store)
    starts = StartThread(store)
    starts.start()
    chores = (forgets_by_age(store),)
    backups = BackupWorker(store, lambda: load(session.data_dir).backups, chores=chores)
    if not session.options.training:
        backups.start()
    try:
        run_watch(
            store,
            lambda: load(session.data_dir),
            session.secrets,
            stop,
            lambda result: session.out.line(_object(result), _sentence(result)),
        )
    finally:
        starts.stop()
        backups.stop()
        if heart is not None:
            heart.stop()
