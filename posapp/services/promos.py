"""Promos: kept by a manager, given by whoever sells, each on its days."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.discount import Discount
from posapp.domain.errors import RefusedError
from posapp.domain.people import Right
from posapp.domain.promo import MANAGERS, Promo, promo_problems
from posapp.domain.sale import Sale
from posapp.domain.sale_rules import SaleRules
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.promos import promo, promo_called
from posapp.storage.store import Store, Transaction

_SAVE = (
    "INSERT INTO promos(id, name, kind, value, first_day, last_day, role, changed_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET name = excluded.name, "
    "kind = excluded.kind, value = excluded.value, first_day = excluded.first_day, "
    "last_day = excluded.last_day, role = excluded.role, changed_at = excluded.changed_at"
)


def save_promo(store: Store, item: Promo, currency: str, who: Who, *, origin: str = "") -> Promo:
    """Save a promo, new when it has no id; raise RefusedError naming the fields that do not fit."""
    item = replace(item, name=clean_line(item.name))
    problems = promo_problems(item, currency)
    with store.write(origin) as tx:
        permit(tx, who, Right.SETTINGS)
        other = promo_called(tx, item.name)
        if other is not None and other.id != item.id:
            problems.setdefault("name", "There is such a promo already.")
        if problems:
            raise RefusedError("This promo cannot be saved.", fields=problems)
        item = replace(item, id=item.id or tx.new_id())
        days = (day.isoformat() if day else "" for day in (item.first_day, item.last_day))
        tx.execute(
            _SAVE,
            (item.id, item.name, item.kind.value, str(item.value), *days, item.role, to_us(tx.now)),
        )
        tx.event(None, "promo_saved", who, {"name": item.name, "value": str(item.value)})
        tx.touch(None, Topic.CATALOGUE)
        return item


def delete_promo(store: Store, promo_id: str, who: Who, *, origin: str = "") -> None:
    """Take a promo off the list; what was sold with it stays as it was."""
    with store.write(origin) as tx:
        permit(tx, who, Right.SETTINGS)
        found = promo(tx, promo_id)
        if found is not None:
            tx.execute("DELETE FROM promos WHERE id = ?", (promo_id,))
            tx.event(None, "promo_deleted", who, {"name": found.name})
            tx.touch(None, Topic.CATALOGUE)


def beside_promos(
    tx: Transaction, sale: Sale, rules: SaleRules, who: Who, before: Sale | None = None
) -> Sale:
    """Return a cart without the promos of the list in it: what is left counts against the limit of discounts.

    A promo that is not on its days is refused, one of the managers' asks for one; what was sold with it
    `before` stays.
    """
    known = set(_discounts(before)) if before is not None else set()
    agreed = {one for one in _discounts(sale) if _is_agreed(tx, one, rules, who, known=one in known)}
    if not agreed:
        return sale
    lines = tuple(replace(line, discount=None) if line.discount in agreed else line for line in sale.lines)
    return replace(sale, lines=lines, discounts=tuple(one for one in sale.discounts if one not in agreed))


def _discounts(sale: Sale) -> list[Discount]:
    return [*sale.discounts, *(line.discount for line in sale.lines if line.discount is not None)]


def _is_agreed(tx: Transaction, given: Discount, rules: SaleRules, who: Who, *, known: bool) -> bool:
    found = promo(tx, given.promo_id) if given.promo_id else None
    if found is None or (found.kind, found.value) != (given.kind, given.value):
        return False
    if known:
        return True
    if not found.runs(tx.now.astimezone(rules.zone).date()):
        raise RefusedError(
            f"The promo “{found.name}” is not given today.", remedy="Take it off, then sell.",
            fields={"discounts": "This promo is not given today."},
        )  # fmt: skip
    if found.role == MANAGERS:
        permit(tx, who, Right.PROMO)
    return True
