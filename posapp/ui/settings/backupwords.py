"""The words of backups and their trials."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from posapp.domain.status import OPEN_ROWS
from posapp.services.backups import Standing
from posapp.storage.backup_rota import KeptBackup
from posapp.storage.drill import DrillReport
from posapp.ui.delegates.age import clock_text


def _say(text: str) -> str:
    return QCoreApplication.translate("backup", text)


def summary_words(found: Standing | None, now: datetime, zone: ZoneInfo) -> str:
    """Return the line in the list of sections."""
    if found is None:
        return ""
    if found.overdue:
        return _say("Overdue")
    if found.second_trouble:
        return _say("Second folder: look")
    return clock_text(found.newest_at, now, zone) if found.newest_at else _say("None yet")


def newest_words(kept: KeptBackup | None, now: datetime, zone: ZoneInfo) -> str:
    """Return when a backup was made and how large it is."""
    if kept is None:
        return _say("No backup yet")
    size = QLocale().formattedDataSize(kept.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    return f"{clock_text(kept.made_at, now, zone)} · {size}"


def elsewhere_words(found: Standing, now: datetime, zone: ZoneInfo) -> str:
    """Return where a newer backup of a shop with a server was made, "" when it was here."""
    made = found.elsewhere
    if made is None or found.newest_at != made.at:
        return ""
    words = _say("A newer one is at the station %1: %2")
    return words.replace("%1", made.station).replace("%2", clock_text(made.at, now, zone))


def copy_words(found: Standing, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Return when the newest copy in the second folder was made, and the folder."""
    if found.second_folder is None:
        return _say("None is set"), _say("a second drive survives this one")
    if found.second is not None:
        return newest_words(found.second, now, zone), str(found.second_folder)
    words = _say("Not known") if found.second_trouble else _say("No copy yet")
    return words, str(found.second_folder)


def second_words(found: Standing) -> str:
    """Return what is wrong with the second folder, in a sentence with its remedy."""
    known = {
        "It is not there.": _say("The folder is not there. Connect the drive, then back up now."),
        "It cannot be written.": _say("The folder cannot be written. Mend its rights, or choose another."),
        "The newest backup is not there.": _say("The newest backup is not there. Press Back up now."),
    }
    return known.get(found.second_trouble, found.second_trouble)


def _amount(name: str, count: int) -> str:
    one = {
        "orders": _say("1 order"),
        "events": _say("1 entry of the history"),
        "payments": _say("1 payment"),
    }
    many = {
        "orders": _say("%1 orders"),
        "events": _say("%1 entries of the history"),
        "payments": _say("%1 payments"),
    }
    return one[name] if count == 1 else many[name].replace("%1", f"{count:,}")


def drill_words(report: DrillReport, made: str) -> str:
    """Return what came of a trial, as a few sentences; `made` says of when the backup is."""
    if not report.ok:
        bad = _say("This backup is not good: %1 Make a new one now.")
        return bad.replace("%1", " ".join(report.problems[:3]))
    got = report.restored
    held = ", ".join(_amount(name, getattr(got, name)) for name in ("orders", "events", "payments"))
    waiting = sum(number for state, number in (got.queue or {}).items() if state in OPEN_ROWS)
    lines = [
        _say("The backup of %1 can be restored. It holds %2.").replace("%1", made).replace("%2", held),
        _say("Changes that wait to be sent are in it: %1.").replace("%1", f"{waiting:,}"),
    ]
    added = [_amount(since.name, since.added) for since in report.since if since.added]
    missing = [_amount(since.name, since.missing) for since in report.since if since.missing]
    if added:
        lines.append(_say("Since then came: %1.").replace("%1", ", ".join(added)))
    elif report.here is not None:
        lines.append(_say("Nothing came since then."))
    if missing:
        words = _say("In the backup and not here any more: %1. Was an older backup restored?")
        lines.append(words.replace("%1", ", ".join(missing)))
    lines.append(_say("Nothing was changed here."))
    return " ".join(lines)
