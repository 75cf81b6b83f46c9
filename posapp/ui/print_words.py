"""The words of the print queue: how a ticket stands, and when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.tickets import JobState
from posapp.ui.delegates.age import clock_text

if TYPE_CHECKING:
    from posapp.storage.printing import JobRow
    from posapp.storage.rows import EventRow

translate = QCoreApplication.translate


def state_word(state: JobState) -> str:
    """Return the label of a job's state."""
    match state:
        case JobState.QUEUED:
            return translate("print", "Waiting")
        case JobState.PRINTING:
            return translate("print", "Printing")
        case JobState.DONE:
            return translate("print", "Printed")
        case JobState.UNKNOWN:
            return translate("print", "Perhaps printed")
        case JobState.FAILED:
            return translate("print", "Not printed")
        case JobState.WITHDRAWN:
            return translate("print", "Withdrawn")


def state_look(state: JobState) -> tuple[str, str]:
    """Return the icon and the tone of a state."""
    return {
        JobState.QUEUED: ("hourglass-fill", "text2"),
        JobState.PRINTING: ("printer-fill", "accent"),
        JobState.DONE: ("check-circle-fill", "ok"),
        JobState.UNKNOWN: ("warning-fill", "warn"),
        JobState.FAILED: ("warning-octagon-fill", "danger"),
        JobState.WITHDRAWN: ("prohibit-fill", "text3"),
    }[state]


def job_title(job: JobRow) -> str:
    """Return what a job is, with the mark of a copy."""
    return f"{job.title} · {translate('print', 'COPY')}" if job.is_copy else job.title


def job_line(job: JobRow, now: datetime, zone: ZoneInfo) -> str:
    """Return where and when: "front · 14:30 · anna"."""
    when = clock_text(job.created_at, now, zone)
    return f"{job.printer} · {when} · {job.actor}"


def trouble_title(job: JobRow) -> str:
    """Return the sentence that a person reads when a ticket did not come out."""
    if job.state is JobState.UNKNOWN:
        text = translate("print", "%1 may not have been printed.")
    else:
        text = translate("print", "%1 was not printed.")
    return text.replace("%1", job.title)


def ticket_text(event: EventRow) -> str:
    """Return what the history says of a ticket that was printed, "" for other events."""
    if event.kind != "ticket":
        return ""
    get = event.params.get
    receipt, kitchen = translate("history", "Receipt → %1"), translate("history", "Kitchen ticket → %1")
    text = (kitchen if get("kind", "") == "kitchen" else receipt).replace("%1", get("printer", ""))
    return f"{text} · {translate('print', 'COPY')}" if get("copy", "") else text
