"""The checks of an installation that need neither a network nor a screen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posapp.domain.errors import PosError
from posapp.storage import dialect_sqlite
from posapp.storage.database import DATABASE_NAME, open_store
from posapp.storage.details import sync_summary
from posapp.storage.store import Store, storage_error

_LOW_BYTES = 200_000_000
_ALLOWED_SKEW_S = 60


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


def open_database(data_dir: Path) -> tuple[Store | None, Check]:
    """Open the database as every start does, and tell how that went."""
    try:
        store = open_store(data_dir)
    except PosError as error:
        return None, failed("database", error)
    return store, Check("database", ok=True, detail=f"{data_dir / DATABASE_NAME} can be used.")


def check_integrity(store: Store) -> Check:
    """Read the whole database and check every page, index and reference."""
    name = "database integrity"
    problems = dialect_sqlite.integrity_problems(store.database)
    if not problems:
        return Check(name, ok=True, detail="Every page, index and reference is whole.")
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    remedy = "Restore a backup: posapp restore FILE. Keep the damaged file."
    return Check(name, ok=False, detail=f"{problems[0]}{more}", remedy=remedy, exit_code=6)


def check_counters(store: Store) -> Check:
    """Compare the counts of the tabs with the orders."""
    problems = dialect_sqlite.count_problems(store.database)
    remedy = "Report this; the counts of the tabs are wrong, the orders are not."
    return Check(
        "counters",
        ok=not problems,
        detail="; ".join(problems) or "The counts agree with the orders.",
        remedy=remedy if problems else "",
    )


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
    except dialect_sqlite.DRIVER_ERRORS as error:
        return failed(name, storage_error(error))
