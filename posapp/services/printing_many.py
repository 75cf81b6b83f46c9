"""Tickets of several orders in one act: queued together, and taken back together while they wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from posapp.domain.errors import RefusedError, UnknownOrderError
from posapp.domain.people import Right
from posapp.domain.tickets import JobState, TicketKind
from posapp.domain.who import Who
from posapp.services.kitchen_tickets import queue_kitchen
from posapp.services.permits import permit
from posapp.services.printing import Compose, close, queue_receipt
from posapp.storage.printing import job_row
from posapp.storage.store import Store


@dataclass(frozen=True, slots=True)
class PrintAct:
    """Tickets that were queued at once; `left_out` counts orders that needed none, or are gone."""

    kind: TicketKind
    printer: str
    jobs: tuple[int, ...]
    left_out: int = 0


def print_many(
    store: Store,
    pks: Iterable[int],
    kind: TicketKind,
    printer: str,
    who: Who,
    compose: Compose,
    *,
    origin: str = "",
) -> PrintAct:
    """Queue the receipts, or the kitchen tickets, of these orders in one transaction, in their order.

    Raises RefusedError when none was to be printed.
    """
    wanted = list(dict.fromkeys(pks))
    jobs: list[int] = []
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        for pk in wanted:
            try:
                if kind is TicketKind.KITCHEN:
                    job = queue_kitchen(tx, pk, printer, who, compose)
                else:
                    job = queue_receipt(tx, pk, printer, who, compose)
            except UnknownOrderError:
                continue
            if job is not None:
                jobs.append(job)
    if not jobs:
        raise RefusedError(
            "The kitchen has these tickets already." if kind is TicketKind.KITCHEN else "Nothing to print.",
            "To have one again, reprint it from the print queue." if kind is TicketKind.KITCHEN else "",
        )
    return PrintAct(kind, printer, tuple(jobs), len(wanted) - len(jobs))


def withdraw_many(store: Store, act: PrintAct, who: Who, *, origin: str = "") -> int:
    """Take the tickets of an act out of the queue that still wait; return how many.

    Raises RefusedError when all are printed, or just being printed: paper cannot be taken back.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        found = [job_row(tx, job) for job in act.jobs]
        waiting = [job.pk for job in found if job is not None and job.state is JobState.QUEUED]
        if not waiting:
            raise RefusedError("These tickets are printed already.", "Paper cannot be taken back.")
        for pk in waiting:
            close(tx, pk, f"Given up by {who.actor}.")
    return len(waiting)
