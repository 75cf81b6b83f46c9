"""What cooks do: tick items, bump and recall orders, acknowledge edits, take cancelled orders off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from posapp.domain.errors import RefusedError
from posapp.domain.fields import line_width
from posapp.domain.kitchen import (
    EVERYTHING,
    Item,
    Making,
    Section,
    differs,
    dump_making,
    is_ready,
    load_making,
)
from posapp.domain.people import Right
from posapp.domain.status import Status
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.kitchen_marks import ON_BOARD, read_making
from posapp.services.permits import permit
from posapp.services.steps import Facts, read_facts
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction

_TOUCH = (
    "INSERT INTO kitchen_orders(order_pk, revision, seen, ready_by, struck) VALUES (?, 1, '', '', 0) "
    "ON CONFLICT(order_pk) DO UPDATE SET revision = kitchen_orders.revision + 1"
)


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of an act in the kitchen; `changed` is false when there was nothing to do."""

    pk: int
    code: str
    changed: bool = True
    ready: bool = False  # every section is done with the order
    before: str = ""  # what `see_edits` took away, for its undo


def tick(
    store: Store, pk: int, key: str, section: str, who: Who, *, done: bool = True, origin: str = ""
) -> Done:
    """Note that a section has made an item, or (`done` false) that it has not.

    Raises RefusedError when the item is no longer in the order, or the order no longer in the kitchen.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.KITCHEN)
        facts = _in_kitchen(tx, pk)
        item = next((item for item in read_making(tx, pk).items if item.key == key), None)
        if item is None:
            raise RefusedError(
                f"This item is no longer in order {_name(facts)}.", remedy="Look at the order again."
            )
        changed = _put_tick(tx, facts, item, section, who) if done else _drop_tick(tx, facts, key, section)
        if changed:
            params = {"title": item.title[:200], "quantity": str(item.quantity), "section": section}
            _note(tx, pk, "item_made" if done else "item_open", who, params)
    return Done(pk, facts.code, changed)


def _put_tick(tx: Transaction, facts: Facts, item: Item, section: str, who: Who) -> bool:
    cursor = tx.execute(
        "INSERT INTO kitchen_ticks(order_pk, line_key, section, quantity, at, actor) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(order_pk, line_key, section) DO UPDATE SET "
        "quantity = excluded.quantity, at = excluded.at, actor = excluded.actor "
        "WHERE kitchen_ticks.quantity < excluded.quantity",
        (facts.pk, item.key, section, item.quantity, to_us(tx.now), who.actor),
    )
    return bool(cursor.rowcount)


def _drop_tick(tx: Transaction, facts: Facts, key: str, section: str) -> bool:
    # The whole kitchen's tick counts for each section, so whoever opens an item takes that one back too.
    cursor = tx.execute(
        "DELETE FROM kitchen_ticks WHERE order_pk = ? AND line_key = ? AND (section IN (?, '') OR ? = '')",
        (facts.pk, key, section, section),
    )
    return bool(cursor.rowcount)


def bump(
    store: Store, pk: int, section: str, sections: Sequence[Section], who: Who, *, origin: str = ""
) -> Done:
    """Let a section be done with an order; it is ready once all sections are, and stays `cooking`.

    A cancelled one is taken off the board. Raises RefusedError for an order that nobody has started, that
    left the kitchen, or in which an edit waits to be acknowledged.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.KITCHEN)
        return bump_in(tx, pk, section, sections, who)


def bump_in(tx: Transaction, pk: int, section: str, sections: Sequence[Section], who: Who) -> Done:
    """Do what `bump` does as a part of a larger act, which asked for permission."""
    facts = read_facts(tx, pk)
    if _take_off(tx, facts, who):
        return Done(pk, facts.code)
    if facts.status is not Status.COOKING:
        raise RefusedError(
            f"Order {_name(facts)} is not being cooked.", f"It is {facts.status} now.", "Start it first."
        )
    making = read_making(tx, pk)
    if differs(_seen(tx, pk), making):
        raise RefusedError(
            f"Order {_name(facts)} was changed meanwhile.", remedy="Look at the changes, then bump it."
        )
    cursor = tx.execute(
        "INSERT INTO kitchen_bumps(order_pk, section, at, actor) VALUES (?, ?, ?, ?) "
        "ON CONFLICT(order_pk, section) DO NOTHING",
        (pk, section, to_us(tx.now), who.actor),
    )
    if not cursor.rowcount:
        return Done(pk, facts.code, changed=False, ready=_ready_at(tx, pk) is not None)
    _note(tx, pk, "bumped", who, {"section": section})
    bumped = [row[0] for row in tx.all("SELECT section FROM kitchen_bumps WHERE order_pk = ?", (pk,))]
    ready = is_ready(making.items, sections, bumped)
    if ready:
        tx.execute(
            "UPDATE kitchen_orders SET ready_at = ?, ready_by = ? WHERE order_pk = ? AND ready_at IS NULL",
            (to_us(tx.now), who.actor, pk),
        )
        tx.event(pk, "ready", who)
    return Done(pk, facts.code, ready=ready)


def _take_off(tx: Transaction, facts: Facts, who: Who) -> bool:
    if facts.status is not Status.CANCELLED:
        return False
    cursor = tx.execute("UPDATE kitchen_orders SET struck = 0 WHERE order_pk = ? AND struck = 1", (facts.pk,))
    if not cursor.rowcount:
        raise RefusedError(f"Order {_name(facts)} is off the board already.")
    _note(tx, facts.pk, "taken_off", who)
    return True


def put_back(store: Store, pk: int, who: Who, *, origin: str = "") -> Done:
    """Show a cancelled order again that was taken off the board: the undo of its bump."""
    with store.write(origin) as tx:
        permit(tx, who, Right.KITCHEN)
        facts = read_facts(tx, pk)
        if facts.status is not Status.CANCELLED:
            raise RefusedError(f"Order {_name(facts)} is not cancelled any more.")
        cursor = tx.execute("UPDATE kitchen_orders SET struck = 1 WHERE order_pk = ? AND struck = 0", (pk,))
        if cursor.rowcount:
            _note(tx, pk, "put_back", who)
    return Done(pk, facts.code, bool(cursor.rowcount))


def recall(store: Store, pk: int, section: str, who: Who, *, again: bool = False, origin: str = "") -> Done:
    """Bring a bumped order back to the board; `again`: as if none of its items had been made.

    Raises RefusedError when it left the kitchen.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.KITCHEN)
        facts = read_facts(tx, pk)
        if facts.status is not Status.COOKING:
            raise RefusedError(
                f"Order {_name(facts)} has left the kitchen.",
                f"It is {facts.status} now.",
                "The counter can take its last step back.",
            )
        # Who recalls for a section wants it back there also if the whole kitchen bumped it.
        cursor = tx.execute(
            "DELETE FROM kitchen_bumps WHERE order_pk = ? AND (section IN (?, '') OR ? = '')",
            (pk, section, section),
        )
        changed = bool(cursor.rowcount)
        if changed:
            tx.execute("UPDATE kitchen_orders SET ready_at = NULL, ready_by = '' WHERE order_pk = ?", (pk,))
            if again:
                tx.execute(
                    "DELETE FROM kitchen_ticks WHERE order_pk = ? AND (section IN (?, '') OR ? = '')",
                    (pk, section, section),
                )
            _note(tx, pk, "made_again" if again else "recalled", who, {"section": section})
    return Done(pk, facts.code, changed)


def see_edits(store: Store, pk: int, who: Who, *, origin: str = "") -> Done:
    """Acknowledge what an edit changed; `before` of the outcome is for `unsee_edits`."""
    with store.write(origin) as tx:
        permit(tx, who, Right.KITCHEN)
        facts = read_facts(tx, pk)
        row = tx.one("SELECT seen FROM kitchen_orders WHERE order_pk = ?", (pk,))
        before = str(row[0]) if row else ""
        if before:
            tx.execute("UPDATE kitchen_orders SET seen = '' WHERE order_pk = ?", (pk,))
            _note(tx, pk, "edit_seen", who)
    return Done(pk, facts.code, bool(before), before=before)


def unsee_edits(store: Store, pk: int, before: str, who: Who, *, origin: str = "") -> Done:
    """Mark the changes again that were acknowledged by mistake, unless there are newer ones."""
    making = load_making(before)
    with store.write(origin) as tx:
        permit(tx, who, Right.KITCHEN)
        facts = read_facts(tx, pk)
        if making is None or _seen(tx, pk) is not None:
            return Done(pk, facts.code, changed=False)
        tx.execute("UPDATE kitchen_orders SET seen = ? WHERE order_pk = ?", (dump_making(making), pk))
        _note(tx, pk, "edit_unseen", who)
    return Done(pk, facts.code)


def put_categories(store: Store, rows: Iterable[tuple[str, str, str]], *, origin: str = "") -> int:
    """Replace the categories of dishes; a row is (id at the shop, title, category): id or title may be ""."""
    id_width, title_width = line_width("internal_id"), line_width("title")
    kept = {
        (clean_line(internal_id)[:id_width], clean_line(title)[:title_width]): clean_line(category)[:200]
        for internal_id, title, category in rows
    }
    with store.write(origin) as tx:
        _replace_categories(tx, [(*names, word) for names, word in kept.items() if any(names) and word])
    return len(kept)


def follow_catalogue(tx: Transaction) -> None:
    """Let the kitchen's sections know the dishes by the catalogue's categories."""
    rows = tx.all(
        "SELECT products.internal_id, products.title, categories.name FROM products "
        "JOIN categories ON categories.pk = products.category_pk WHERE products.deleted = 0 "
        "ORDER BY products.internal_id"
    )
    _replace_categories(tx, [(row[0], row[1], row[2]) for row in rows])


def _replace_categories(tx: Transaction, rows: list[tuple[str, str, str]]) -> None:
    before = tx.all("SELECT internal_id, title, category FROM dish_categories")
    if sorted(before) == sorted(rows):
        return
    tx.execute("DELETE FROM dish_categories")
    tx.executemany("INSERT INTO dish_categories(internal_id, title, category) VALUES (?, ?, ?)", rows)
    for (pk,) in tx.all("SELECT pk FROM orders WHERE urgency IS NOT NULL"):
        tx.execute(_TOUCH, (pk,))
        tx.touch(pk)


def _in_kitchen(tx: Transaction, pk: int) -> Facts:
    facts = read_facts(tx, pk)
    if facts.status not in ON_BOARD:
        raise RefusedError(f"Order {_name(facts)} is not in the kitchen.", f"It is {facts.status} now.")
    return facts


def _seen(tx: Transaction, pk: int) -> Making | None:
    row = tx.one("SELECT seen FROM kitchen_orders WHERE order_pk = ?", (pk,))
    return load_making(str(row[0])) if row else None


def _ready_at(tx: Transaction, pk: int) -> int | None:
    row = tx.one("SELECT ready_at FROM kitchen_orders WHERE order_pk = ?", (pk,))
    return row[0] if row else None


def _note(tx: Transaction, pk: int, kind: str, who: Who, params: dict[str, str] | None = None) -> None:
    """Write the event, and make the tile differ."""
    named = {key: text for key, text in (params or {}).items() if text != EVERYTHING}
    tx.event(pk, kind, who, named)
    tx.execute(_TOUCH, (pk,))
    tx.touch(pk)


def _name(facts: Facts) -> str:
    return f"#{facts.code}" if facts.code.isdigit() else facts.code
