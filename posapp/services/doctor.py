"""The checks of an installation that need neither a network nor a screen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from posapp.domain.backups import BackupPlan
from posapp.domain.errors import PosError
from posapp.services.audit import verify
from posapp.services.backups import judge_backups, judge_second
from posapp.services.repair import PARTS, Derived
from posapp.storage import dialect_sqlite
from posapp.storage.checks import integrity_problems
from posapp.storage.custody import CustodyLedger, custody_ledger
from posapp.storage.database import DATABASE_NAME, open_store
from posapp.storage.details import sync_summary
from posapp.storage.fields import to_us
from posapp.storage.server import Server
from posapp.storage.store import Store
from posapp.storage.upkeep import LONG_LOG_BYTES, file_state

_LOW_BYTES = 200_000_000
_ALLOWED_SKEW_S = 60
_NAMED = 10
_PRINT_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; `exit_code` is what the command ends with when this is the worst of it."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    exit_code: int = 5


def failed(name: str, error: PosError) -> Check:
    """Return an error as a finding."""
    detail = " ".join(part for part in (error.title, error.detail) if part)
    return Check(name, ok=False, detail=detail, remedy=error.remedy, exit_code=error.exit_code)


def open_database(data_dir: Path, server: Server | None = None) -> tuple[Store | None, Check]:
    """Open the database as every start does, and tell how that went."""
    try:
        store = open_store(data_dir, server=server)
    except PosError as error:
        return None, failed("database", error)
    place = data_dir / DATABASE_NAME if server is None else f"{server.url} ({store.dialect.version()})"
    return store, Check("database", ok=True, detail=f"{place} can be used.")


def check_integrity(store: Store) -> Check:
    """Read the whole database and check every page, index and reference."""
    name = "database integrity"
    problems = integrity_problems(store)
    if not problems:
        return Check(name, ok=True, detail="Every page, index and reference is whole.")
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    remedy = "Restore a backup: posapp restore FILE. Keep the damaged file."
    return Check(name, ok=False, detail=f"{problems[0]}{more}", remedy=remedy, exit_code=6)


def check_derived(store: Store, part: Derived) -> Check:
    """Compare something that follows from the orders, such as the counts of the tabs, with the orders."""
    problems = part.find(store)
    remedy = "The orders themselves are right. posapp doctor --repair makes this anew."
    detail = "; ".join(problems)
    return Check(part.name, not problems, f"{detail}." if problems else part.fine, remedy if problems else "")


def check_log(store: Store) -> Check:
    """Tell whether the database's log is short: a reader that never ends lets it grow."""
    name, state = "database file", file_state(store)
    if state is None:
        return Check(name, ok=True, detail="Kept by the server.")
    detail = f"{state.free // 1_000_000:,} MB of it are free, its log has {state.log // 1_000_000:,} MB."
    if state.log > LONG_LOG_BYTES:
        remedy = "Some program reads the database without an end: close what is not posapp, then all windows."
        return Check(name, ok=False, detail=detail, remedy=remedy)
    if not state.shrinks:
        detail += " It does not shrink by itself: posapp database compact changes that."
    return Check(name, ok=True, detail=detail)


def check_sqlite() -> Check:
    """Check that the SQLite in use is none of those that can damage a file."""
    version = dialect_sqlite.sqlite_version()
    shown = ".".join(map(str, version))
    if version >= dialect_sqlite.MINIMUM_VERSION:
        return Check("sqlite version", ok=True, detail=shown)
    return Check(
        "sqlite version",
        ok=False,
        detail=f"{shown} can damage a database that two programs use; 3.51.3 or newer is needed.",
        remedy="Install posapp's requirements again: they bring a newer one.",
        exit_code=6,
    )


def check_disk(data_dir: Path) -> Check:
    """Check that there is room for a day's work and a backup."""
    try:
        usage = shutil.disk_usage(data_dir)
        taken = sum(path.stat().st_size for path in data_dir.glob("posapp.db*"))
    except OSError as error:
        return Check("disk space", ok=False, detail=f"{data_dir}: {error.strerror}.", exit_code=6)
    enough = usage.free >= _LOW_BYTES + 2 * taken
    return Check(
        "disk space",
        ok=enough,
        detail=f"{usage.free // 1_000_000:,} MB free; the database takes {taken // 1_000_000:,} MB.",
        remedy="" if enough else "Free some space: there is hardly room for a backup.",
    )


def check_rights(data_dir: Path) -> Check:
    """Check that only the owner can read the data."""
    name = "data directory rights"
    if os.name != "posix":
        return Check(name, ok=True, detail="Kept by the system for each user.")
    try:
        wrong = [
            path.name
            # The settings hold no secrets, and people write them with whatever rights they have.
            for path in (data_dir, *data_dir.glob("posapp.db*"))
            if path.stat().st_mode & 0o077
        ]
    except OSError as error:
        return Check(name, ok=False, detail=f"{data_dir}: {error.strerror}.", exit_code=6)
    return Check(
        name,
        ok=not wrong,
        detail=f"Others can read: {', '.join(sorted(wrong)[:5])}." if wrong else "Only you can read it.",
        remedy=f"chmod -R go= {data_dir}" if wrong else "",
    )


def check_queue(store: Store) -> Check:
    """Tell what waits, and whether anything needs a person."""
    summary = sync_summary(store)
    detail = f"{summary.waiting} waiting, {summary.attention} for a person"
    if summary.quarantined:
        detail += f", {summary.quarantined} received rows could not be read"
    return Check(
        "queue",
        ok=summary.attention == 0,
        detail=f"{detail}.",
        remedy="posapp queue list shows the changes, posapp remotes list the shops."
        if summary.attention
        else "",
    )


def check_custody(store: Store, now: datetime) -> Check:
    """Account for every order that came in and every change that was made."""
    ledger = custody_ledger(store, datetime.min.replace(year=1970, tzinfo=UTC), now + timedelta(days=1))
    orders, changes = sum(ledger.orders.values()), sum(ledger.changes.values())
    if ledger.adds_up:
        detail = f"Orders: {orders:,}, changes: {changes:,}; each is accounted for."
        return Check("custody", ok=True, detail=detail)
    return Check(
        "custody",
        ok=False,
        detail=f"{ledger.came_in:,} orders came in, {orders:,} are there; "
        f"{ledger.made:,} changes were made, {changes:,} are there.{_where(ledger)}",
        remedy="Keep the database and its backups as they are and ask support: posapp support FILE.",
        exit_code=6,
    )


def _where(ledger: CustodyLedger) -> str:
    """Return which orders and products the missing changes are of, as far as that is known."""
    names = list(dict.fromkeys(one.name for one in ledger.lost if one.name))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f" Missing are changes of {', '.join(names[:_NAMED])}{more}." if names else ""


def check_audit(store: Store) -> Check:
    """Hold every entry of the audit against the chain."""
    found = verify(store)
    if found.problem:
        remedy = "Somebody changed the database by hand: compare with a backup (posapp verify FILE)."
        return Check("audit", ok=False, detail=found.problem, remedy=remedy)
    return Check("audit", ok=True, detail=f"{found.sealed:,} entries are sealed, {found.waiting:,} will be.")


def derived_checks(store: Store) -> Iterator[Check]:
    """Check all that follows from the orders."""
    for part in PARTS:
        yield guarded(part.name, partial(check_derived, store, part))


def local_checks(store: Store, data_dir: Path, now: datetime) -> tuple[Check, ...]:
    """Run the checks that need an open database and no network."""
    return (
        guarded("sqlite version", check_sqlite),
        guarded("database integrity", lambda: check_integrity(store)),
        *derived_checks(store),
        guarded("database file", lambda: check_log(store)),
        guarded("custody", lambda: check_custody(store, now)),
        guarded("audit", lambda: check_audit(store)),
        guarded("queue", lambda: check_queue(store)),
        check_disk(data_dir),
        check_rights(data_dir),
    )


def check_backups(store: Store, plan: BackupPlan) -> Check:
    """Tell how old the newest good backup is."""
    found = judge_backups(store, plan)
    return Check("backups", found.ok, found.detail, found.remedy)


def check_second_folder(store: Store, plan: BackupPlan) -> Check:
    """Tell whether the second folder for backups has what it should."""
    found = judge_second(store, plan)
    return Check("second backup folder", found.ok, found.detail, found.remedy)


def check_prints(store: Store) -> Check:
    """Tell how the print queue stands; a ticket that waits for long has no printer."""
    late = to_us(store.clock() - _PRINT_PATIENCE)
    row = store.one(
        "SELECT count(*), count(CASE WHEN created_at < ? THEN 1 END) FROM print_jobs WHERE state = 'queued'",
        (late,),
    )
    waiting, stuck = (int(row[0]), int(row[1])) if row else (0, 0)
    remedy = "Open the window: it prints. Its print queue (Ctrl+Shift+P) sends tickets to another printer."
    return Check("print queue", ok=not stuck, detail=f"{waiting} waiting.", remedy=remedy if stuck else "")


def check_printer(name: str, trouble: str) -> Check:
    """Judge what asking a printer brought; "" when it can be reached."""
    return Check(
        f"printer {name}",
        ok=not trouble,
        detail=trouble or "It can be reached.",
        remedy="Settings, Printers: print a test page." if trouble else "",
        exit_code=4,
    )


def check_clock(remote: str, skew_s: int | None) -> Check:
    """Judge the difference between this computer's clock and a remote's, in seconds."""
    name = f"clock against {remote}"
    if skew_s is None:
        return Check(name, ok=True, detail="Not known: it has not answered yet.")
    fine = abs(skew_s) <= _ALLOWED_SKEW_S
    return Check(
        name,
        ok=fine,
        detail=f"{abs(skew_s)} s {'ahead' if skew_s > 0 else 'behind'}." if skew_s else "They agree.",
        remedy="" if fine else "Let this computer set its clock from the network.",
    )


def guarded(name: str, check: Callable[[], Check]) -> Check:
    """Run a check; what it cannot find out is a finding too."""
    try:
        return check()
    except PosError as error:
        return failed(name, error)
