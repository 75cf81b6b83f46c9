"""The read queries of lists: keyset pages, counts, filters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from posapp.domain.status import Kind, Status
from posapp.domain.timing import Moments, Targets, age_from, late_after
from posapp.storage.dialect import Dialect
from posapp.storage.fields import from_us, maybe_at, to_us
from posapp.storage.groups import few_of
from posapp.storage.rows import Alarm, Counts, FilterChoices, OrderFilter, OrderRow, Page, Sort, Tab
from posapp.storage.search import long_words, search_condition, search_words, short_condition
from posapp.storage.store import Store

PAGE = 100
Key = tuple[int, int]  # the sort key of a row, and the row's own
# Cancelled at the shop while it is being made or on the road here: a person has to decide.
STOPPED_SQL = "orders.sync = 'conflict' AND orders.shadow = 'cancelled' AND orders.status <> 'cancelled'"
ROW_COLUMNS = (
    "orders.pk, orders.id, orders.code, orders.remote, orders.status, orders.sync, orders.sync_reason, "
    "orders.source, orders.brand, orders.customer_name, orders.phone, orders.address, orders.kind, "
    "orders.total, orders.currency, orders.payment_method, orders.payment_status, orders.change_from, "
    "orders.comment, orders.created_at, orders.received_at, orders.status_at, orders.accepted_at, "
    "orders.sent_at, orders.due_at, orders.planned_at, orders.closed_at, orders.noticed_at, orders.version, "
    "orders.promised_at, orders.format"
)
_PLAIN = tuple(name.strip().removeprefix("orders.") for name in ROW_COLUMNS.split(",")[:19])
_TAB_STATUSES: dict[Tab, tuple[str, ...]] = {
    Tab.NEW: ("created", "edited"),
    Tab.ACCEPTED: ("accepted",),
    Tab.COOKING: ("cooking",),
    Tab.ONDELIVERY: ("ondelivery",),
    Tab.TIMING: ("timing",),
    Tab.DONE: ("delivered", "cancelled"),
}
# Sort key and direction; every key is never NULL among the rows that the sort is used for.
_SORTS: dict[Sort, tuple[str, str]] = {
    Sort.URGENT: ("orders.urgency", "ASC"),
    Sort.NEWEST: ("orders.created_at", "DESC"),
    Sort.OLDEST: ("orders.created_at", "ASC"),
    Sort.DUE: ("coalesce(orders.planned_at, orders.due_at, orders.created_at)", "ASC"),
}


def order_row(raw: tuple[Any, ...], targets: Targets) -> OrderRow:
    """Make a row from the columns of ROW_COLUMNS."""
    status, kind = Status(raw[4]), Kind(raw[12])
    moments = Moments(
        from_us(raw[20]), from_us(raw[21]), maybe_at(raw[22]), maybe_at(raw[23]), maybe_at(raw[29])
    )
    plain = dict(zip(_PLAIN, raw[:19], strict=True))
    return OrderRow(
        **plain,
        created_at=from_us(raw[19]),
        received_at=moments.received_at,
        age_from=age_from(status, moments),
        target_s=late_after(status, kind, moments, targets),
        due_at=maybe_at(raw[24]),
        planned_at=maybe_at(raw[25]),
        closed_at=maybe_at(raw[26]),
        unacknowledged=raw[27] is None and status in {Status.CREATED, Status.CANCELLED},
        version=raw[28],
        promised_at=moments.promised_at,
        format=raw[30],
    )


def _conditions(
    dialect: Dialect, chosen: OrderFilter, *, with_filters: bool = True, with_search: bool = True
) -> tuple[list[str], list[object]]:
    parts: list[str] = []
    params: list[object] = []
    searching = search_condition(dialect, chosen.search) if with_search else None
    statuses = chosen.statuses
    if searching is not None:
        parts.append(searching.sql)
        params += searching.params
    elif chosen.tab is Tab.ACTIVE:
        parts.append("orders.urgency IS NOT NULL")
    elif chosen.tab is Tab.DONE and not statuses:
        parts.append("orders.closed_at IS NOT NULL")  # the same orders as by status, with an index that sorts
    elif chosen.tab is not None:
        statuses = statuses or _TAB_STATUSES[chosen.tab]
    if statuses:
        parts.append(f"orders.status IN ({', '.join('?' * len(statuses))})")
        params += statuses
    if with_filters:
        _add_filters(chosen, parts, params)
    return parts, params


def _add_filters(chosen: OrderFilter, parts: list[str], params: list[object]) -> None:
    for column in ("brand", "source", "remote", "kind", "sync"):
        value = getattr(chosen, column)
        if value:
            parts.append(f"orders.{column} = ?")
            params.append(value)
    if chosen.payment:
        parts.append("? IN (orders.payment_method, orders.payment_status)")
        params.append(chosen.payment)
    if chosen.due_from and chosen.due_until:
        # An order without a due time is due on the day on which it was made.
        parts.append("coalesce(orders.planned_at, orders.due_at, orders.created_at) BETWEEN ? AND ?")
        params += [to_us(chosen.due_from), to_us(chosen.due_until) - 1]


def _sorting(chosen: OrderFilter) -> tuple[str, str]:
    """Return the key and direction of the list."""
    if chosen.sort is Sort.URGENT and search_words(chosen.search):
        # Active orders first, the newest of the others after them.
        return (
            "(CASE WHEN orders.urgency IS NULL THEN 0 ELSE 1 END) * 10000000000000000 + orders.created_at",
            "DESC",
        )
    if chosen.tab is Tab.DONE and chosen.sort is Sort.URGENT:
        return "orders.closed_at", "DESC"
    if chosen.tab is None and chosen.sort is Sort.URGENT:
        return _SORTS[Sort.NEWEST]
    return _SORTS[chosen.sort]


def order_page(
    store: Store,
    chosen: OrderFilter,
    targets: Targets,
    *,
    after: Key | None = None,
    limit: int = PAGE,
    skip: int = 0,
) -> Page:
    """Return the rows of the list after the key `after`, from the top for None, without the first `skip`."""
    words = long_words(chosen.search)
    if words and chosen.sort is Sort.URGENT and not skip:
        found = _found(store, chosen, words, after, limit + 1)
    else:
        where, params, key, direction = walk(store, chosen, after)
        found = store.all(
            f"SELECT {ROW_COLUMNS}, {key} FROM orders WHERE {where} "  # noqa: S608 - our own column names
            f"ORDER BY {key} {direction}, orders.pk {direction} LIMIT ? OFFSET ?",
            (*params, limit + 1, skip),
        )
    rows = tuple(order_row(raw[:-1], targets) for raw in found[:limit])
    more = len(found) > limit
    return Page(rows, (int(found[limit - 1][-1] or 0), rows[-1].pk) if more else None)


def walk(store: Store, chosen: OrderFilter, after: Key | None) -> tuple[str, tuple[object, ...], str, str]:
    """Return the condition of a list behind a key, with its parameters, and its sort key and direction."""
    parts, params = _conditions(store.dialect, chosen)
    key, direction = _sorting(chosen)
    few = few_of(store, chosen)
    if few is not None:
        parts.append(few.sql)
        params += few.params
    if few is not None or (chosen.tab is Tab.DONE and chosen.due_from and not chosen.search):
        key = f"{key} + 0"  # few are found by what they have in common, then sorted; not the other way round
    if after is not None:
        parts.append(f"({key}, orders.pk) {'>' if direction == 'ASC' else '<'} (?, ?)")
        params += after
    return " AND ".join(parts) or "1 = 1", tuple(params), key, direction


def _found(
    store: Store, chosen: OrderFilter, words: list[str], after: Key | None, limit: int
) -> list[tuple[Any, ...]]:
    """Find active orders first, then the others, those that came last first.

    The index gives its hits from the newest on, so that a search that very many match ends after a page.
    """
    rows: list[tuple[Any, ...]] = []
    if after is None or after[0]:
        parts, params = _conditions(store.dialect, replace(chosen, tab=None), with_search=False)
        among = store.dialect.matching_active(words)
        shorts = short_condition(chosen.search)
        parts += ["orders.urgency IS NOT NULL", among.sql, *([shorts.sql] if shorts else [])]
        params += [*among.params, *(shorts.params if shorts else ())]
        if after is not None:
            parts.append("(orders.created_at, orders.pk) < (?, ?)")
            params += after
        rows = store.all(
            f"SELECT {ROW_COLUMNS}, orders.created_at FROM orders WHERE {' AND '.join(parts)} "  # noqa: S608
            # Not by the index of created_at: it goes through all orders to find the few active ones.
            "ORDER BY orders.created_at + 0 DESC, orders.pk DESC LIMIT ?",
            (*params, limit),
        )
        after = None
    if len(rows) < limit:
        hits = store.dialect.matching_newest(words)
        parts, params = _conditions(store.dialect, replace(chosen, tab=None), with_search=False)
        shorts = short_condition(chosen.search)
        parts = [hits.condition.sql, "orders.urgency IS NULL", *parts, *([shorts.sql] if shorts else [])]
        params = [*hits.condition.params, *params, *(shorts.params if shorts else ())]
        if after is not None:
            parts.append(f"{hits.key} < ?")
            params.append(after[1])
        rows += store.all(
            f"SELECT {ROW_COLUMNS}, 0 FROM {hits.tables} WHERE {' AND '.join(parts)} "  # noqa: S608
            f"ORDER BY {hits.key} DESC LIMIT ?",
            (*params, limit - len(rows)),
        )
    return rows


def rows_by_pk(store: Store, pks: Iterable[int], targets: Targets) -> dict[int, OrderRow]:
    """Return the present rows of these orders, to patch a list with."""
    wanted = list(pks)
    result: dict[int, OrderRow] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        marks = ", ".join("?" * len(some))
        for raw in store.all(f"SELECT {ROW_COLUMNS} FROM orders WHERE pk IN ({marks})", some):  # noqa: S608
            row = order_row(raw, targets)
            result[row.pk] = row
    return result


def remote_ids(store: Store, pks: Iterable[int]) -> dict[int, str]:
    """Return the ids that these orders have at their remotes; counter orders have none."""
    wanted = list(pks)
    result: dict[int, str] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        marks = ", ".join("?" * len(some))
        sql = f"SELECT pk, remote_id FROM orders WHERE remote_id IS NOT NULL AND pk IN ({marks})"  # noqa: S608
        result.update(store.all(sql, some))
    return result


def count_matching(store: Store, chosen: OrderFilter, *, with_filters: bool = True, cap: int = 10_000) -> int:
    """Return how many orders a list has, counted up to `cap`."""
    parts, params = _conditions(store.dialect, chosen, with_filters=with_filters)
    few = few_of(store, chosen) if with_filters else None
    if few is not None:
        parts.append(few.sql)
        params += few.params
    where = " AND ".join(parts) or "1 = 1"
    sql = f"SELECT count(*) FROM (SELECT 1 FROM orders WHERE {where} LIMIT ?) AS found"  # noqa: S608
    row = store.one(sql, (*params, cap))
    return int(row[0]) if row else 0


def hidden_by_filters(store: Store, chosen: OrderFilter) -> int:
    """Return how many orders the filters hide from the list."""
    if not chosen.narrowed:
        return 0
    return count_matching(store, chosen, with_filters=False) - count_matching(store, chosen)


def counts(store: Store, day_start: datetime) -> Counts:
    """Return the counts of the tabs; they are kept by the database, so this costs nothing."""
    by_status = {str(status): int(n) for status, n in store.all("SELECT status, n FROM order_counts")}
    row = store.one("SELECT count(*) FROM orders WHERE closed_at >= ?", (to_us(day_start),))
    return Counts(by_status, int(row[0]) if row else 0)


def total_orders(store: Store) -> int:
    """Return the number of all orders."""
    row = store.one("SELECT coalesce(sum(n), 0) FROM order_counts")
    return int(row[0]) if row else 0


def alarm(store: Store) -> Alarm:
    """Return the orders that nobody has taken notice of, the longest waiting first."""
    rows = store.all(
        "SELECT pk, CASE status WHEN 'created' THEN received_at ELSE status_at END AS since, status "
        "FROM orders WHERE noticed_at IS NULL AND status IN ('created', 'cancelled') ORDER BY since LIMIT 500"
    )
    cancelled = sum(row[2] == Status.CANCELLED for row in rows)
    oldest = from_us(rows[0][1]) if rows else None
    return Alarm(len(rows), oldest, tuple(int(row[0]) for row in rows), cancelled)


def filter_choices(store: Store, zone: ZoneInfo) -> FilterChoices:
    """Return what the filters offer: the values among the active and the newest orders."""
    rows = store.all(
        "SELECT brand, source, remote, coalesce(planned_at, due_at, created_at) FROM orders "
        "WHERE urgency IS NOT NULL "
        "UNION SELECT brand, source, remote, NULL FROM (SELECT brand, source, remote FROM orders "
        "ORDER BY created_at DESC LIMIT 500) AS newest"
    )
    days = {from_us(row[3]).astimezone(zone).date() for row in rows if row[3] is not None}
    return FilterChoices(
        tuple(sorted({row[0] for row in rows if row[0]})),
        tuple(sorted({row[1] for row in rows if row[1]})),
        tuple(sorted({row[2] for row in rows if row[2]})),
        tuple(sorted(days)),
    )
