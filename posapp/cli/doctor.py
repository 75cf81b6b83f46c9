"""`posapp doctor`: checks of this installation, with a remedy for each that fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from posapp.cli.remotes import ask_health, health_problem
from posapp.cli.session import Session
from posapp.config import CONFIG_NAME, Config
from posapp.domain.errors import PosError
from posapp.services.doctor import (
    Check,
    check_audit,
    check_backups,
    check_clock,
    check_custody,
    check_disk,
    check_integrity,
    check_log,
    check_printer,
    check_prints,
    check_queue,
    check_rights,
    check_second_folder,
    check_sqlite,
    derived_checks,
    failed,
    guarded,
    open_database,
)
from posapp.services.kept_check import check_kept
from posapp.services.repair import RepairReport, repair

if TYPE_CHECKING:
    from posapp.config import RemoteConfig
    from posapp.printing.printers import Printer
    from posapp.storage.store import Store

_PROBE = "doctor-probe"
_SEVERITY = (3, 4, 5, 2, 6)  # exit codes, the worst last
_PLACES = {
    "keyring": "The system's keyring keeps the keys of the shops.",
    "file": (
        "There is no usable keyring here. The keys of the shops are in an encrypted file of yours; its own "
        "key lies beside it, so whoever can read your files, or a backup of your home, can read both."
    ),
}


class _FoundError(PosError):
    """At least one check failed."""


def run(session: Session) -> int:
    """Run every check and report; with --repair, mend what can be mended first."""
    done = repair(session.store, session.who) if session.options.repair else None
    checks = list(_checks(session))
    data: dict[str, object] = {
        "checks": [
            {"name": check.name, "ok": check.ok, "detail": check.detail, "remedy": check.remedy}
            for check in checks
        ]
    }
    text = _text(checks)
    if done is not None:
        data["repaired"] = [{"name": each.name, "detail": each.detail} for each in done.repaired]
        data["backup"] = str(done.backup.file) if done.backup else ""
        text = f"{_repaired(done)}\n{text}"
    return session.out.finish(data, text, _problem(checks))


def _repaired(done: RepairReport) -> str:
    lines = [f"Made anew: {each.name} ({each.detail})." for each in done.repaired]
    if done.backup is not None:
        lines.append(f"The database as it was before: {done.backup.file}")
    return "\n".join(lines) or "Nothing had to be made anew."


def _checks(session: Session) -> Iterator[Check]:
    yield guarded("sqlite version", check_sqlite)
    config, settings = _settings(session)
    yield settings
    store, opened = open_database(session.data_dir, session.server if settings.ok else None)
    yield opened
    if store is not None:
        try:
            yield guarded("database integrity", lambda: check_integrity(store))
            yield from derived_checks(store)
            yield guarded("database file", lambda: check_log(store))
            yield guarded("custody", lambda: check_custody(store, datetime.now(UTC)))
            yield guarded("audit", lambda: check_audit(store))
            yield guarded("queue", lambda: check_queue(store))
            yield guarded("backups", lambda: check_backups(store, config.backups))
            yield guarded("second backup folder", lambda: check_second_folder(store, config.backups))
            yield guarded("print queue", lambda: check_prints(store))
            yield guarded("secrets", lambda: _secrets(session, store))
            for remote in config.remotes:
                yield from _remote(session, store, remote)
        finally:
            store.close_thread()
    if settings.ok and session.server is not None:
        yield guarded("kept changes", lambda: check_kept(session.data_dir))
    for printer in config.printers:
        yield _printer(printer)
    yield check_disk(session.data_dir)
    yield check_rights(session.data_dir)


def _settings(session: Session) -> tuple[Config, Check]:
    try:
        config = session.config
    except PosError as error:
        return Config(), failed("settings file", error)
    path = session.data_dir / CONFIG_NAME
    shops = ", ".join(remote.name for remote in config.remotes) or "no shop"
    detail = f"{path}: {shops}." if path.exists() else "There is none: everything is as it comes."
    return config, Check("settings file", ok=True, detail=detail)


def _printer(printer: Printer) -> Check:
    from posapp.printing.lane import probe_printer
    from posapp.printing.trouble import PrintTroubleError

    try:
        probe_printer(printer)
    except PrintTroubleError as trouble:
        return check_printer(printer.name, trouble.reason)
    return check_printer(printer.name, "")


def _secrets(session: Session, store: Store) -> Check:
    """Keep a made-up key and forget it again: that shows where real ones go."""
    namespace = store.meta("installation")
    place = session.secrets.set(namespace, _PROBE, "a-made-up-key")
    session.secrets.delete(namespace, _PROBE)
    return Check("secrets", ok=True, detail=_PLACES[place.value])


def _remote(session: Session, store: Store, remote: RemoteConfig) -> Iterator[Check]:
    from posapp.storage.details import remote_rows

    name = f"shop {remote.name}"
    known: dict[str, int | None] = {}
    try:
        known |= {row.name: row.clock_skew_s for row in remote_rows(store)}
        outcome = ask_health(session, remote)
    except PosError as error:
        yield failed(name, error)
        yield check_clock(remote.name, known.get(remote.name))
        return
    problem = health_problem(remote.name, outcome)
    if problem is None:
        yield Check(name, ok=True, detail=outcome.detail or "It answered well.")
    else:
        yield failed(name, problem)
    skew = known.get(remote.name)
    if outcome.server_time is not None:
        skew = round((datetime.now(UTC) - outcome.server_time).total_seconds())
    yield check_clock(remote.name, skew)


def _text(checks: Sequence[Check]) -> str:
    width = max(len(check.name) for check in checks)
    lines = []
    for check in checks:
        lines.append(f"{'ok  ' if check.ok else 'BAD '} {check.name.ljust(width)}  {check.detail}")
        if check.remedy:
            lines.append(" " * (width + 7) + check.remedy)
    return "\n".join(lines)


def _problem(checks: Sequence[Check]) -> PosError | None:
    """Return what the command ends with: the worst of what was found."""
    bad = [check for check in checks if not check.ok]
    if not bad:
        return None
    problem = _FoundError(
        f"{len(bad)} of {len(checks)} checks failed.",
        ", ".join(check.name for check in bad) + ".",
        next((check.remedy for check in bad if check.remedy), ""),
    )
    problem.exit_code = max((check.exit_code for check in bad), key=_SEVERITY.index)
    return problem
