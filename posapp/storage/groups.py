"""Filters that few of a million finished orders pass: those are looked up by their group, not searched for.

A group are the finished orders that are alike in all that the filters ask for. There are some dozens, and an
index knows them (migration 0015).
"""

from __future__ import annotations

from posapp.domain.status import SyncState
from posapp.storage.dialect import Condition
from posapp.storage.rows import OrderFilter, Tab
from posapp.storage.store import Store

FEW = 5_000  # are sorted when they are found; more are met soon enough on the way through the list
_MOST_GROUPS = 500
_AT_ODDS = ("pending", "failed", "conflict")
_PARTS = ("brand", "source", "remote", "kind", "payment_method", "payment_status")
# No text of an order holds a tab. Word for word as the index has it.
_GROUP = (
    "(orders.brand || '\t' || orders.source || '\t' || coalesce(orders.remote, '') || '\t' || orders.kind "
    "|| '\t' || orders.payment_method || '\t' || orders.payment_status)"
)
# From each group to the next one, without the orders in between.
_GROUPS = (
    f"WITH RECURSIVE known(name) AS (SELECT min({_GROUP}) FROM orders WHERE closed_at IS NOT NULL "  # noqa: S608
    f"UNION ALL SELECT (SELECT min({_GROUP}) FROM orders WHERE closed_at IS NOT NULL "
    f"AND {_GROUP} > known.name) "
    "FROM known WHERE known.name IS NOT NULL) SELECT name FROM known WHERE name IS NOT NULL LIMIT ?"
)


def few_of(store: Store, chosen: OrderFilter) -> Condition | None:
    """Return a condition that finds the few finished orders that pass the filters; None if they are many."""
    if chosen.tab is not Tab.DONE or chosen.search:
        return None
    for found in (_in_groups(store, chosen), _at_odds(chosen)):
        if found is not None and _is_few(store, found):
            return found
    return None


def _in_groups(store: Store, chosen: OrderFilter) -> Condition | None:
    """Return the condition that an order is in one of the groups that pass the filters."""
    if not _asks(chosen):
        return None
    groups = [str(row[0]) for row in store.all(_GROUPS, (_MOST_GROUPS + 1,))]
    if len(groups) > _MOST_GROUPS:
        return None
    fitting = [group for group in groups if _fits(chosen, group)]
    if not fitting:
        return Condition("1 = 0", ())
    return Condition(f"{_GROUP} IN ({', '.join('?' * len(fitting))})", tuple(fitting))


def _at_odds(chosen: OrderFilter) -> Condition | None:
    """Return what finds orders that are not in step with their shop, in the words of the index of those."""
    if chosen.sync not in _AT_ODDS:
        return None
    return Condition(f"orders.sync IN ({', '.join(map(repr, _AT_ODDS))})", ())


def _is_few(store: Store, found: Condition) -> bool:
    counted = store.one(
        "SELECT count(*) FROM (SELECT 1 FROM orders WHERE closed_at IS NOT NULL "  # noqa: S608 - our own words
        f"AND {found.sql} LIMIT {FEW + 1}) AS found",
        found.params,
    )
    return counted is not None and int(counted[0]) <= FEW


def _asks(chosen: OrderFilter) -> bool:
    wanted = (chosen.brand, chosen.source, chosen.remote, chosen.kind, chosen.payment)
    return any(wanted) or chosen.sync in {SyncState.LOCAL, SyncState.SYNCED}


def _fits(chosen: OrderFilter, group: str) -> bool:
    has = dict(zip(_PARTS, group.split("\t"), strict=True))
    wanted = {name: getattr(chosen, name) for name in _PARTS[:4]}
    if any(value and value != has[name] for name, value in wanted.items()):
        return False
    # An order is local exactly if no shop knows it.
    if chosen.sync and (chosen.sync == SyncState.LOCAL) != (not has["remote"]):
        return False
    return not chosen.payment or chosen.payment in {has["payment_method"], has["payment_status"]}
