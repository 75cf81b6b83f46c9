"""Kitchen tickets: whole at first, after an edit what changed, and none that the kitchen has already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from posapp.domain.errors import RefusedError
from posapp.domain.kitchen_routes import KitchenRoute
from posapp.domain.people import Right
from posapp.domain.tickets import (
    JobState,
    KitchenFacts,
    TicketKind,
    TicketOrder,
    TicketRequest,
    difference,
)
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.services.printing import Compose, close, code_of, queue
from posapp.storage.catalogue import stations_of
from posapp.storage.fields import to_us
from posapp.storage.printing import NewJob, ticket_order
from posapp.storage.reader import Reader, to_text
from posapp.storage.store import Store, Transaction

AUTO_WITHIN = timedelta(hours=2)  # older orders get no kitchen ticket by themselves
REPLACED = "A newer ticket of this order took its place."


def print_kitchen(
    store: Store,
    pk: int,
    printer: str,
    who: Who,
    compose: Compose,
    *,
    section: str = "",
    origin: str = "",
) -> int:
    """Queue a kitchen ticket and return its job; after an edit it tells what changed since the last one.

    Raises RefusedError when the kitchen has a ticket that says all this.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.PRINT)
        queued = queue_kitchen(tx, pk, printer, who, compose, section=section)
    # Only now: a queued ticket that an edit and its undoing made wrong is withdrawn all the same.
    if queued is None:
        raise RefusedError(
            "The kitchen has this ticket already.",
            "Nothing that it has to know has changed since.",
            "To have it again, reprint it from the print queue.",
        )
    return queued


def queue_routes(
    tx: Transaction, pk: int, routes: Sequence[KitchenRoute], who: Who, compose: Compose
) -> tuple[int, ...]:
    """Queue an order's kitchen tickets, each printer's for the dishes that it gets; return the jobs."""
    jobs = [_kitchen_job(tx, pk, route, who, compose) for route in routes]
    return tuple(queue(tx, job, who) for job in jobs if job is not None)


def routes_of(kitchen: str | Sequence[KitchenRoute]) -> tuple[KitchenRoute, ...]:
    """Return the ways of dishes to printers; the name of one printer ("": none) is short for whole orders."""
    if isinstance(kitchen, str):
        return (KitchenRoute(kitchen),) if kitchen else ()
    return tuple(kitchen)


def queue_kitchen(
    tx: Transaction, pk: int, printer: str, who: Who, compose: Compose, *, section: str = ""
) -> int | None:
    """Queue an order's kitchen ticket in the transaction of the act that it belongs to, such as a sale.

    Returns None when the kitchen lacks none.
    """
    job = _kitchen_job(tx, pk, KitchenRoute(printer, section), who, compose)
    return queue(tx, job, who) if job is not None else None


def print_accepted(
    store: Store,
    kitchen: str | Sequence[KitchenRoute],
    who: Who,
    compose: Compose,
    pks: Iterable[int] | None = None,
    *,
    timed_sales: bool = False,
    origin: str = "",
) -> int:
    """Queue the kitchen tickets that accepted orders still lack, or that edits call for; return how many.

    `pks` narrows it to some orders, `timed_sales` to what the counter has sold for a time that has come:
    their tickets were not queued with the sale. Nothing is queued twice, whatever became of the first.
    """
    routes = routes_of(kitchen)
    lacking = _lacking(store, routes, pks, timed_sales=timed_sales)
    if not lacking:
        return 0
    with store.write(origin) as tx:
        jobs = [
            _kitchen_job(tx, pk, route, who, compose)
            for pk, route in lacking
            if not _asked_before(tx, pk, route)
        ]
        wanted = [job for job in jobs if job is not None]
        for job in wanted:
            queue(tx, job, who)
    return len(wanted)


def _lacking(
    store: Store, routes: Sequence[KitchenRoute], pks: Iterable[int] | None, *, timed_sales: bool
) -> list[tuple[int, KitchenRoute]]:
    since = to_us(store.clock() - AUTO_WITHIN)
    timed = "AND remote IS NULL AND due_at IS NOT NULL" if timed_sales else ""
    edited = (
        "UNION SELECT orders.pk FROM print_jobs JOIN orders ON order_pk = orders.pk "
        "WHERE print_jobs.created_at >= ? AND print_jobs.kind = 'kitchen' "
        "AND orders.status IN ('accepted', 'cooking', 'cancelled')"
    )
    found = store.all(
        "SELECT pk FROM orders WHERE urgency IS NOT NULL AND status IN ('accepted', 'cooking') "  # noqa: S608
        f"AND accepted_at >= ? {timed if timed_sales else edited}",
        (since,) if timed_sales else (since, since),
    )
    wanted = None if pks is None else set(pks)
    among = [pk for (pk,) in found if wanted is None or pk in wanted]
    return [(pk, route) for pk in among for route in routes if not _asked_before(store, pk, route)]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The ticket that the kitchen lacks, None when it lacks none, and queued ones that are wrong by now."""

    request: TicketRequest | None
    withdraw: tuple[int, ...] = ()


def peek_kitchen(
    reader: Reader, pk: int, at: datetime, station: str, *, section: str = ""
) -> TicketRequest | None:
    """Return the ticket that printing would make now, None when the kitchen lacks none."""
    return _plan(reader, pk, at, station, KitchenRoute("", section)).request


def _order_for(reader: Reader, pk: int, route: KitchenRoute) -> TicketOrder:
    """Return an order with the dishes that a printer gets."""
    order = ticket_order(reader, pk)
    if not route.elsewhere:
        return order
    stations = stations_of(reader, [(line.dish.name, line.dish.title) for line in order.lines])
    kept = zip(order.lines, stations, strict=True)
    return replace(order, lines=tuple(line for line, place in kept if route.makes(place)))


def _plan(reader: Reader, pk: int, at: datetime, station: str, route: KitchenRoute) -> _Plan:
    order, section = _order_for(reader, pk, route), route.section
    now = order.kitchen
    base, uncertain = None, False
    waiting: list[int] = []
    for job, state, facts in _kitchen_rows(reader, pk, section):
        if state == JobState.DONE:
            base = _decoded(facts)
            break
        if state == JobState.QUEUED:
            if not waiting and not uncertain and _decoded(facts) == now:
                return _Plan(None)
            waiting.append(job)
        elif state not in {JobState.FAILED, JobState.WITHDRAWN}:
            uncertain = True
    if base is not None and base.cancelled and not now.cancelled:
        uncertain = True  # the kitchen threw its ticket away
    if route.elsewhere and not order.lines and base is None and not uncertain:
        return _Plan(None, tuple(waiting))
    since = difference(base, now) if base is not None and not uncertain else None
    if since is not None and not since:
        return _Plan(None, tuple(waiting))
    request = TicketRequest(TicketKind.KITCHEN, order, at, station, section, since, replaces=uncertain)
    return _Plan(request, tuple(waiting))


def _kitchen_job(tx: Transaction, pk: int, route: KitchenRoute, who: Who, compose: Compose) -> NewJob | None:
    """Return the ticket that the kitchen lacks, None when it lacks none; what it replaces is withdrawn."""
    plan = _plan(tx, pk, tx.now, who.station, route)
    for job in plan.withdraw:
        close(tx, job, REPLACED)
    request = plan.request
    if request is None:
        return None
    return NewJob(
        TicketKind.KITCHEN,
        f"Kitchen ticket {code_of(request.order.code)}",
        route.printer,
        compose(request),
        order_pk=pk,
        revision=request.order.version,
        section=route.section,
        facts=to_text(request.order.kitchen),
    )


def _kitchen_rows(reader: Reader, pk: int, section: str) -> Sequence[tuple[int, str, str]]:
    """Return an order's kitchen tickets, the newest first; copies say nothing new."""
    return [
        (row[0], row[1], row[2])
        for row in reader.all(
            "SELECT pk, state, facts FROM print_jobs WHERE order_pk = ? AND kind = 'kitchen' "
            "AND section = ? AND copy_of IS NULL ORDER BY pk DESC",
            (pk, section),
        )
    ]


def _asked_before(reader: Reader, pk: int, route: KitchenRoute) -> bool:
    """Tell whether the latest ticket of an order says what this one would, however it came out."""
    rows = _kitchen_rows(reader, pk, route.section)
    order = _order_for(reader, pk, route)
    nothing = order.cancelled or (bool(route.elsewhere) and not order.lines)
    return nothing if not rows else _decoded(rows[0][2]) == order.kitchen


def _decoded(facts: str) -> KitchenFacts:
    return msgspec.json.decode(facts, type=KitchenFacts)
