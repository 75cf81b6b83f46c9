"""What people do with tickets: print, print again, retry, send to another printer, give up.

The layout is made by `compose` (posapp.printing.layout.composer), which the caller gives: the two rooms stand
side by side. A ticket is queued in the same transaction as the act that it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from posapp.domain.errors import RefusedError
from posapp.domain.payment import Payment, PaymentKind
from posapp.domain.people import Right
from posapp.domain.text import clean_line
from posapp.domain.tickets import (
    JobState,
    TicketKind,
    TicketOrder,
    TicketRequest,
)
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.printing import JobRow, NewJob, add_job, job_row, ticket_order
from posapp.storage.reader import Reader, to_text
from posapp.storage.store import Store, Transaction

LONGEST_REASON = 200
Compose = Callable[[TicketRequest], str]
_MOVABLE = frozenset({JobState.QUEUED, JobState.FAILED, JobState.UNKNOWN})


def print_receipt(
    store: Store,
    pk: int,
    printer: str,
    who: Who,
    compose: Compose,
    *,
    drawer: bool = False,
    origin: str = "",
) -> int:
    """Queue a receipt and return its job; one that was printed just so is marked as a copy."""
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        return queue_receipt(tx, pk, printer, who, compose, drawer=drawer)


def queue_receipt(
    tx: Transaction,
    pk: int,
    printer: str,
    who: Who,
    compose: Compose,
    *,
    drawer: bool = False,
    payments: Sequence[Payment] = (),
) -> int:
    """Queue a receipt in the transaction of the act that it belongs to, such as a payment.

    It tells the payments that this transaction sees; `drawer` opens the drawer, for cash. When nothing but
    money that goes back is among the act's own `payments`, it is the receipt of that.
    """
    back = tuple(payments)
    if any(row.kind is PaymentKind.PAYMENT for row in back):
        back = ()
    request = replace(receipt_request(tx, pk, tx.now, who.station), back=back)
    order = request.order
    job = NewJob(
        TicketKind.RECEIPT,
        f"{'Refund' if back else 'Receipt'} {code_of(order.code)}",
        printer,
        compose(request),
        order_pk=pk,
        revision=order.version,
        facts=_facts(order, back),
        drawer=drawer,
        copy_of=None if back else earlier_receipt(tx, pk, order),
    )
    return queue(tx, job, who)


def receipt_request(reader: Reader, pk: int, at: datetime, station: str) -> TicketRequest:
    """Return the receipt of an order as it is now."""
    return TicketRequest(TicketKind.RECEIPT, ticket_order(reader, pk), at, station)


def earlier_receipt(reader: Reader, pk: int, order: TicketOrder) -> int | None:
    """Return the first receipt that says just the same and may be on paper, None when there is none."""
    row = reader.one(
        "SELECT coalesce(copy_of, pk) FROM print_jobs WHERE order_pk = ? AND kind = 'receipt' AND facts = ? "
        "AND state NOT IN ('failed', 'withdrawn') ORDER BY pk LIMIT 1",
        (pk, _facts(order)),
    )
    return int(row[0]) if row else None


def print_report(
    store: Store, title: str, payload: str, printer: str, who: Who, *, copy: bool = False, origin: str = ""
) -> int:
    """Queue a report that was laid out already; `copy` marks one that is on paper, or may be, already."""
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        earlier = tx.one(
            "SELECT pk FROM print_jobs WHERE kind = 'report' AND title = ? "
            "AND state NOT IN ('failed', 'withdrawn') ORDER BY pk LIMIT 1",
            (title,),
        )
        first = earlier[0] if copy and earlier else None
        return queue(tx, NewJob(TicketKind.REPORT, title, printer, payload, copy_of=first), who)


def reprint(store: Store, pk: int, who: Who, *, printer: str = "", origin: str = "") -> int:
    """Queue a ticket once more, marked as a copy; return the new job."""
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        job = _known(tx, pk)
        if job.state not in {JobState.DONE, JobState.UNKNOWN}:
            raise RefusedError("This ticket has not been printed yet.", remedy="Retry it instead.")
        copy = NewJob(
            job.kind,
            job.title,
            printer or job.printer,
            job.payload,
            order_pk=job.order_pk,
            revision=job.revision,
            section=job.section,
            copy_of=job.copy_of or job.pk,
        )
        return queue(tx, copy, who)


def retry(store: Store, pk: int, who: Who, *, origin: str = "") -> None:
    """Queue a ticket anew that did not come out; if it may have, the new one is marked as a copy."""
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        job = _known(tx, pk)
        if job.state not in {JobState.FAILED, JobState.UNKNOWN}:
            raise RefusedError("This ticket needs no retry.", "It is printed, or on its way.")
        _requeue(tx, job, job.printer, who)


def confirm(store: Store, pk: int, who: Who, *, origin: str = "") -> None:
    """Note that a person found an uncertain ticket on paper: later kitchen tickets build on it."""
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        job = _known(tx, pk)
        if job.state is not JobState.UNKNOWN:
            raise RefusedError("This ticket is not uncertain.")
        tx.execute(
            "UPDATE print_jobs SET state = 'done', error = ? WHERE pk = ?", (f"Found by {who.actor}.", pk)
        )
        tx.touch(None, Topic.PRINTS)


def move(store: Store, pk: int, printer: str, who: Who, *, origin: str = "") -> None:
    """Send a ticket that has not come out to another printer."""
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        job = _known(tx, pk)
        if job.state not in _MOVABLE:
            raise RefusedError("This ticket is printed, or just being printed.", remedy="Reprint it there.")
        _requeue(tx, job, printer, who)


def give_up(store: Store, pk: int, who: Who, *, origin: str = "") -> None:
    """Take a ticket out of the queue that nobody wants any more."""
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        job = _known(tx, pk)
        if job.state is not JobState.QUEUED:
            raise RefusedError("This ticket does not wait any more.")
        close(tx, job.pk, f"Given up by {who.actor}.")


def open_drawer(
    store: Store, printer: str, who: Who, payload: str, *, reason: str = "", origin: str = ""
) -> int:
    """Open the drawer that hangs on a printer; `payload` is an empty document. Noted in the history."""
    with store.write(origin) as tx:
        permit(tx, who, Right.DRAWER)
        why = clean_line(reason)[:LONGEST_REASON]
        tx.event(None, "drawer", who, {"printer": printer} | ({"reason": why} if why else {}))
        job = NewJob(TicketKind.DRAWER, "Open the drawer", printer, payload, drawer=True)
        return add_job(tx, job, who.actor, who.station)


# --------------------------------------------------------------------------------------------- steps


def _known(tx: Transaction, pk: int) -> JobRow:
    job = job_row(tx, pk)
    if job is None:
        raise RefusedError("This ticket is no longer in the queue.", remedy="Print the order anew.")
    return job


def _requeue(tx: Transaction, job: JobRow, printer: str, who: Who) -> None:
    newer = tx.one(
        "SELECT 1 FROM print_jobs WHERE order_pk = ? AND section = ? AND kind = 'kitchen' "
        "AND copy_of IS NULL AND state NOT IN ('failed', 'withdrawn') AND pk > ? LIMIT 1",
        (job.order_pk, job.section, job.pk),
    )
    if job.kind is TicketKind.KITCHEN and job.copy_of is None and newer is not None:
        raise RefusedError(
            "A newer kitchen ticket of this order exists.", "This one would be wrong.", "Use the newer one."
        )
    tx.execute(
        "UPDATE print_jobs SET state = 'queued', printer = ?, attempts = 0, error = '', finished_at = NULL, "
        "again = ? WHERE pk = ?",
        (printer, int(job.again or job.state is JobState.UNKNOWN), job.pk),
    )
    tx.touch(None, Topic.PRINTS)
    _tell(tx, job.order_pk, job.kind, printer, who, copy=job.is_copy or job.state is JobState.UNKNOWN)


def queue(tx: Transaction, job: NewJob, who: Who) -> int:
    """Queue a ticket, and add it to the order's history."""
    pk = add_job(tx, job, who.actor, who.station)
    _tell(tx, job.order_pk, job.kind, job.printer, who, copy=job.copy_of is not None)
    return pk


def _tell(
    tx: Transaction, order_pk: int | None, kind: TicketKind, printer: str, who: Who, *, copy: bool
) -> None:
    """Add to the order's history; who prints what again is a matter of the audit."""
    if order_pk is not None:
        params = {"kind": kind.value, "printer": printer, "copy": "1" if copy else ""}
        tx.event(order_pk, "ticket", who, params)
        tx.touch(order_pk)


def close(tx: Transaction, pk: int, reason: str) -> None:
    """Take a ticket out of the queue that has not been begun."""
    tx.execute(
        "UPDATE print_jobs SET state = 'withdrawn', error = ?, finished_at = ? "
        "WHERE pk = ? AND state = 'queued'",
        (reason, to_us(tx.now), pk),
    )
    tx.touch(None, Topic.PRINTS)


def _facts(order: TicketOrder, back: Sequence[Payment] = ()) -> str:
    """Return what tells two receipts apart: all that is on them, and not how often the order was touched."""
    of = f" back {','.join(str(row.pk) for row in back)}" if back else ""
    return to_text(replace(order, version=0)) + of


def code_of(code: str) -> str:
    """Return an order's code as people say it."""
    return f"#{code}" if code.isdigit() else code
