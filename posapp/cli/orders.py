"""`posapp orders`: list, show, move, edit, add, resolve."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from posapp.cli.output import pairs, table
from posapp.cli.session import Session
from posapp.cli.shapes import (
    conflict_values,
    event_object,
    line_object,
    order_object,
    order_objects,
    queue_error,
    queue_object,
)
from posapp.domain.errors import RefusedError, UnknownOrderError, UsageError
from posapp.domain.money import format_money, format_received
from posapp.domain.status import parse_status
from posapp.domain.text import clean_line
from posapp.storage.details import find_order, order_detail
from posapp.storage.queries import remote_ids, rows_by_pk

if TYPE_CHECKING:
    from datetime import datetime

    from posapp.domain.who import Who
    from posapp.services.counter import AlsoSold
    from posapp.storage.rows import OrderDetail, OrderRow

_NO_CAP = 2**62


def run(session: Session) -> int:
    """Run the action."""
    match session.options.action:
        case "list":
            return _list(session)
        case "show":
            return _show(session)
        case "move":
            return _move(session)
        case "edit":
            return _edit(session)
        case "add":
            return _add(session)
        case _:
            return _resolve(session)


def _list(session: Session) -> int:
    from posapp.storage.queries import count_matching, order_page
    from posapp.storage.rows import OrderFilter, Sort

    options = session.options
    statuses = tuple(dict.fromkeys(parse_status(word).value for word in options.status))
    chosen = OrderFilter(tab=None, statuses=statuses, search=options.search, sort=Sort.NEWEST)
    store = session.store
    with store.snapshot():
        rows = order_page(store, chosen, session.config.targets, limit=options.limit).rows
        total = count_matching(store, chosen, cap=_NO_CAP)
        ids = remote_ids(store, [row.pk for row in rows])
    text = table(
        ("CODE", "CREATED", "STATUS", "SYNC", "TOTAL", "CUSTOMER", "PHONE", "ADDRESS"),
        [
            (
                row.code, _clock(session, row.created_at), row.status, row.sync, _money(row),
                row.customer_name, row.phone, row.address if row.kind == "delivery" else "(pickup)",
            )
            for row in rows
        ],
    )  # fmt: skip
    note = f"{len(rows)} of {total} orders." if total != 1 else "1 order."
    return session.out.finish(
        {"orders": order_objects(rows, ids), "total": total}, f"{text}\n{note}" if rows else "No orders."
    )


def _show(session: Session) -> int:
    store = session.store
    pk = find_order(store, session.options.order)
    detail = order_detail(store, pk, session.config.targets)
    if detail is None:
        raise UnknownOrderError("This order no longer exists.")
    data = {
        "order": order_object(detail.row, detail.remote_id),
        "lines": [line_object(line) for line in detail.lines],
        "events": [event_object(event) for event in detail.events],
        "queue": [queue_object(row) for row in detail.queue],
    }
    return session.out.finish(data, _sheet(session, detail), verbatim={"raw": _raw(detail.raw)})


def _raw(text: str) -> str:
    """Return the payload as it was received; numbers keep every digit that way."""
    try:
        content = json.loads(text, parse_float=str, parse_int=str) if text else None
    except ValueError:
        content = None
    return text if isinstance(content, dict) else "{}"


def _move(session: Session) -> int:
    from posapp.services.orders import move

    target = parse_status(session.options.status)
    store = session.store
    pk = find_order(store, session.options.order)
    moved = move(store, pk, target, session.who, reason=session.options.reason)
    said = (
        f"Order #{moved.code}: {moved.before} → {moved.after}."
        if moved.changed
        else f"Order #{moved.code} is {moved.after} already; nothing was changed."
    )
    return _finish_with(session, pk, said)


def _edit(session: Session) -> int:
    from posapp.services.edit_form import read_form
    from posapp.services.line_words import is_line_field, line_edits
    from posapp.services.whole_edits import WholeEdit, save_whole

    store, config = session.store, session.config
    pk = find_order(store, session.options.order)
    row = rows_by_pk(store, [pk], config.targets)[pk]
    given = _values(session.options.changes)
    of_lines = {name: text for name, text in given.items() if is_line_field(name)}
    values = {name: text for name, text in given.items() if name not in of_lines}
    # Lines are named by their places, so they have to be what they were when they were counted.
    form = read_form(store, pk) if of_lines else None
    edit = WholeEdit(
        values,
        base={"cart": form.values["cart"]} if form else None,
        lines=line_edits(of_lines, [line.quantity for line in form.lines]) if form else None,
        version=form.version if form else None,
    )
    saved = save_whole(store, pk, edit, session.who, config.zone_of(row.remote), config.sale_rules).saved
    said = (
        f"Order #{saved.code}: {', '.join(saved.fields)} saved."
        if saved.fields
        else f"Order #{saved.code} is like that already; nothing was changed."
    )
    return _finish_with(session, pk, " ".join((said, *saved.warnings.values())))


def _values(words: list[str]) -> dict[str, str]:
    """Return FIELD=VALUE words by field; raise UsageError for one that is none or comes twice."""
    values: dict[str, str] = {}
    for word in words:
        name, equals, text = word.partition("=")
        name = name.strip()
        if not equals or not name:
            shown = clean_line(word)[:60]
            raise UsageError(f"“{shown}” is not FIELD=VALUE.", remedy="For example: phone=+97798…")
        if name in values:
            raise UsageError(f"{clean_line(name)[:60]} is given twice.", remedy="Give each field once.")
        values[name] = text
    return values


def _resolve(session: Session) -> int:
    from posapp.services.conflicts import resolve

    store = session.store
    pk = find_order(store, session.options.order)
    choice = session.options.choice
    after = resolve(store, pk, choice, session.who)
    said = "is sent to the shop again" if choice == "mine" else "is what the shop has"
    return _finish_with(session, pk, f"Settled: {after} {said}.")


def _add(session: Session) -> int:
    from posapp.cli.products import read_bytes
    from posapp.remote.jsonguard import BadJson, decode_strict
    from posapp.services.counter import sell
    from posapp.services.sale_input import read_sale

    who = session.who  # whose PIN may stand before the order
    try:
        content = decode_strict(read_bytes(session.options.file))
    except BadJson as trouble:
        raise RefusedError("This is not an order.", str(trouble), fields={"file": str(trouble)}) from None
    rules, store = session.config.sale_rules, session.store
    given = read_sale(content, store, rules, store.clock())
    sold = sell(store, given.sale, rules, who, tenders=given.tenders, also=_tickets(session, who))
    total = format_money(sold.priced.total, rules.currency)
    return _finish_with(session, sold.pk, f"Order #{sold.code}: {total}, {sold.balance.status}.")


def _tickets(session: Session, who: Who) -> AlsoSold:
    """Return what queues the tickets of a sale, as the window does."""
    from posapp.printing.layout import composer
    from posapp.services.sale_tickets import with_tickets

    config = session.config
    printer = config.printer_for("receipt")
    receipt = printer.name if printer is not None else ""
    return with_tickets(receipt, config.kitchen_routes, who, composer(config.zone))


def _finish_with(session: Session, pk: int, said: str) -> int:
    """Print the order as it is now."""
    row = rows_by_pk(session.store, [pk], session.config.targets)[pk]
    ids = remote_ids(session.store, [pk])
    return session.out.finish({"order": order_object(row, ids.get(pk))}, said)


def _clock(session: Session, at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(session.config.zone):%Y-%m-%d %H:%M}"


def _money(row: OrderRow) -> str:
    return format_received(row.total, row.currency)


def _sheet(session: Session, detail: OrderDetail) -> str:
    row = detail.row
    head = pairs(
        [
            ("Order", f"#{row.code}, {row.status}, {row.sync}"),
            ("Why", row.sync_reason),
            ("Id", row.id),
            ("Shop", f"{row.remote}, {detail.remote_id}" if row.remote else ""),
            ("Source", ", ".join(part for part in (row.source, row.brand) if part)),
            ("Created", _clock(session, row.created_at)),
            ("Due", _clock(session, row.planned_at or row.due_at)),
            ("Customer", ", ".join(part for part in (row.customer_name, row.phone) if part)),
            ("Address", row.address if row.kind == "delivery" else "pickup"),
            ("Comment", row.comment),
            ("Payment", ", ".join(part for part in (row.payment_method, row.payment_status) if part)),
            ("Total", _money(row)),
        ]
    )
    lines = table(
        ("QTY", "LINE", "PRICE", "TOTAL"),
        [
            (
                str(line.quantity), "; ".join((line.title, *line.additions)),
                str(line.unit_price), str(line.total),
            )
            for line in detail.lines
        ],
    )  # fmt: skip
    events = table(
        ("WHEN", "WHO", "WHAT"),
        [
            (_clock(session, event.at), event.actor, str(event_object(event)["detail"]))
            for event in detail.events
        ],
        limit=120,
    )
    queue = table(
        ("CHANGE", "TO", "STATE", "TRIES", "LAST ERROR"),
        [(row.id[:8], row.what, row.state, str(row.attempts), queue_error(row)) for row in detail.queue],
        limit=120,
    )
    asked = [(name, *given) for row in detail.queue for name, given in conflict_values(row).items()]
    conflict = table(("CONFLICT", "BEFORE", "HERE", "AT THE SHOP"), asked)
    parts = (head, lines, events, *([queue] if detail.queue else []), *([conflict] if asked else []))
    return "\n\n".join(parts)
