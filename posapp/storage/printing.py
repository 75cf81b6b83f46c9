"""What tickets are made of, and the print queue: reads, and the steps of a job on its way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from posapp.domain.errors import UnknownOrderError
from posapp.domain.sale import price_sale
from posapp.domain.tickets import Dish, JobState, Sold, TicketKind, TicketOrder
from posapp.storage.feed import Topic
from posapp.storage.fields import from_us, maybe_at, to_us
from posapp.storage.reader import Reader
from posapp.storage.sales import payments_of, sale_record
from posapp.storage.store import Store, Transaction

WAITING = (JobState.QUEUED, JobState.PRINTING)
TROUBLED = (JobState.UNKNOWN, JobState.FAILED)
KEEP = timedelta(days=30)
_JOB = (
    "SELECT pk, id, order_pk, revision, section, kind, title, printer, drawer, again, copy_of, state, "
    "attempts, error, actor, station, created_at, started_at, finished_at, payload FROM print_jobs "
)


@dataclass(frozen=True, slots=True)
class JobRow:
    """One print job."""

    pk: int
    id: str
    order_pk: int | None
    revision: int
    section: str
    kind: TicketKind
    title: str
    printer: str
    drawer: bool
    again: bool
    copy_of: int | None
    state: JobState
    attempts: int
    error: str
    actor: str
    station: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    payload: str

    @property
    def is_copy(self) -> bool:
        """Tell whether the paper has to say that there may be another one of it."""
        return self.again or self.copy_of is not None


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be queued."""

    kind: TicketKind
    title: str
    printer: str
    payload: str
    order_pk: int | None = None
    revision: int = 0
    section: str = ""
    facts: str = ""
    drawer: bool = False
    copy_of: int | None = None


def ticket_order(reader: Reader, pk: int) -> TicketOrder:
    """Return the facts of an order for paper; raise UnknownOrderError when it does not exist."""
    row = reader.one(
        "SELECT code, brand, remote, remote_id, kind, created_at, coalesce(planned_at, due_at), "
        "customer_name, phone, address, comment, payment_method, payment_status, change_from, "
        "products_total, delivery_cost, total, currency, status, version, format FROM orders WHERE pk = ?",
        (pk,),
    )
    if row is None:
        raise UnknownOrderError("This order no longer exists.", remedy="Go back to the list.")
    order = TicketOrder(
        code=row[0],
        shop=row[1] or row[2] or "",
        remote_id=row[3] or "",
        kind=row[4],
        created_at=from_us(row[5]),
        wanted_at=maybe_at(row[6]),
        customer=row[7],
        phone=row[8],
        address=row[9],
        comment=row[10],
        payment_method=row[11],
        payment_status=row[12],
        change_from=row[13],
        lines=_lines(reader, pk),
        products_total=Decimal(row[14]),
        delivery_cost=Decimal(row[15]),
        total=row[16],
        currency=row[17],
        cancelled=row[18] == "cancelled",
        version=row[19],
        payments=payments_of(reader, pk),
        format=row[20],
    )
    return _as_sold(reader, pk, order)


def _as_sold(reader: Reader, pk: int, order: TicketOrder) -> TicketOrder:
    """Add what only a sale at the counter knows: prices before each discount, taxes, the table."""
    record = sale_record(reader, pk)
    if record is None:
        return order
    order = replace(order, table=record.table_label)
    priced = price_sale(record.sale, order.currency)
    if len(priced.lines) != len(order.lines) or str(priced.total) != order.total:
        return order  # edited since by other means: the order's own lines are true
    lines = zip(order.lines, priced.lines, strict=True)
    return replace(
        order,
        lines=tuple(replace(line, total=price.gross, promo="") for line, price in lines),
        products_total=priced.gross,
        discounts=priced.discounts,
        taxes=priced.taxes,
    )


def _lines(reader: Reader, pk: int) -> tuple[Sold, ...]:
    rows = reader.all(
        "SELECT internal_id, title, quantity, unit_price, total, additions, promo_title, promo_code, "
        "paid_in_bonuses, notes FROM order_lines WHERE order_pk = ? ORDER BY position",
        (pk,),
    )
    return tuple(
        Sold(
            dish=Dish(
                name=row[0] or row[1],
                title=row[1],
                quantity=row[2],
                additions=tuple(title for _, title, *_ in json.loads(row[5])),
                notes=row[9],
            ),
            unit_price=Decimal(row[3]),
            total=Decimal(row[4]),
            promo=row[6] or row[7],
            by_bonuses=bool(row[8]),
        )
        for row in rows
    )


def job_row(reader: Reader, pk: int) -> JobRow | None:
    """Return a job, None when there is none of this key."""
    row = reader.one(f"{_JOB} WHERE pk = ?", (pk,))
    return _job(row) if row is not None else None


def job_rows(
    store: Store, *, states: Iterable[JobState] = (), order_pk: int | None = None, limit: int = 200
) -> tuple[JobRow, ...]:
    """Return the latest jobs, the newest first; of one order, or in some states, where that is wanted."""
    wanted = tuple(state.value for state in states)
    conditions: list[str] = []
    params: list[str | int] = [*wanted]
    if wanted:
        conditions.append(f"state IN ({', '.join('?' * len(wanted))})")
    if order_pk is not None:
        conditions.append("order_pk = ?")
        params.append(order_pk)
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    found = store.all(f"{_JOB} {where}ORDER BY pk DESC LIMIT ?", (*params, limit))
    return tuple(_job(row) for row in found)


def waiting_printers(store: Store) -> tuple[str, ...]:
    """Return the names of the printers that have something to print."""
    rows = store.all("SELECT DISTINCT printer FROM print_jobs WHERE state = 'queued'")
    return tuple(str(row[0]) for row in rows)


def next_job(store: Store, printer: str) -> JobRow | None:
    """Return the job that a printer has to do next, None when there is none."""
    row = store.one(f"{_JOB} WHERE state = 'queued' AND printer = ? ORDER BY pk LIMIT 1", (printer,))
    return _job(row) if row is not None else None


def add_job(tx: Transaction, job: NewJob, actor: str, station: str) -> int:
    """Queue a job in its act's own transaction; return its key."""
    row = tx.one(
        "INSERT INTO print_jobs(id, order_pk, revision, section, kind, title, printer, payload, facts, "
        "drawer, again, copy_of, state, attempts, error, actor, station, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 'queued', 0, '', ?, ?, ?) RETURNING pk",
        (
            tx.new_id(), job.order_pk, job.revision, job.section, job.kind.value, job.title, job.printer,
            job.payload, job.facts, int(job.drawer), job.copy_of, actor, station, to_us(tx.now),
        ),
    )  # fmt: skip
    tx.touch(None, Topic.PRINTS)
    assert row is not None  # noqa: S101 - an insert returns its key
    return int(row[0])


def begin_job(store: Store, pk: int) -> bool:
    """Mark a job as printing before its first byte; tell whether it still was queued."""
    with store.write("print") as tx:
        cursor = tx.execute(
            "UPDATE print_jobs SET state = 'printing', started_at = ?, attempts = attempts + 1 "
            "WHERE pk = ? AND state = 'queued'",
            (to_us(tx.now), pk),
        )
        tx.touch(None, Topic.PRINTS)
        return bool(cursor.rowcount)


def end_job(store: Store, pk: int, state: JobState, error: str = "") -> None:
    """Note how a job that was printing came out; `queued`: nothing reached the printer, it tries again."""
    with store.write("print") as tx:
        tx.execute(
            "UPDATE print_jobs SET state = ?, error = ?, finished_at = ? WHERE pk = ? AND state = 'printing'",
            (state.value, error, None if state is JobState.QUEUED else to_us(tx.now), pk),
        )
        tx.touch(None, Topic.PRINTS)


def settle_lost(store: Store, reason: str, printers: Sequence[str] | None = None) -> int:
    """Mark as unknown what an earlier process was printing when it ended; return how many there were.

    `printers` are those of this station, where others print at the same time.
    """
    if store.one("SELECT 1 FROM print_jobs WHERE state = 'printing' LIMIT 1") is None:
        return 0
    with store.write("print") as tx:
        lost = tx.all("SELECT pk, printer FROM print_jobs WHERE state = 'printing'")
        mine = [pk for pk, printer in lost if printers is None or printer in printers]
        for pk in mine:
            tx.execute(
                "UPDATE print_jobs SET state = 'unknown', error = ?, finished_at = ? WHERE pk = ?",
                (reason, to_us(tx.now), pk),
            )
        tx.touch(None, Topic.PRINTS)
        return len(mine)


def sweep_jobs(store: Store) -> int:
    """Forget what was settled long ago; return how many tickets that were."""
    until = to_us(store.clock() - KEEP)
    if store.one("SELECT 1 FROM print_jobs WHERE finished_at < ? LIMIT 1", (until,)) is None:
        return 0
    with store.write("print") as tx:
        cursor = tx.execute(
            "DELETE FROM print_jobs WHERE finished_at < ? AND state NOT IN ('queued', 'printing')", (until,)
        )
        tx.touch(None, Topic.PRINTS)
        return int(cursor.rowcount)


def _job(row: tuple[Any, ...]) -> JobRow:
    return JobRow(
        pk=row[0],
        id=row[1],
        order_pk=row[2],
        revision=row[3],
        section=row[4],
        kind=TicketKind(row[5]),
        title=row[6],
        printer=row[7],
        drawer=bool(row[8]),
        again=bool(row[9]),
        copy_of=row[10],
        state=JobState(row[11]),
        attempts=row[12],
        error=row[13],
        actor=row[14],
        station=row[15],
        created_at=from_us(row[16]),
        started_at=maybe_at(row[17]),
        finished_at=maybe_at(row[18]),
        payload=row[19],
    )
