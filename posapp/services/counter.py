"""Selling at the counter: carts that survive a crash, a sale in one transaction, and its later edits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from posapp.domain.due import parse_instant
from posapp.domain.errors import RefusedError, StaleOrderError, UnknownOrderError
from posapp.domain.payment import Balance, Payment, Tender, balance
from posapp.domain.people import Right
from posapp.domain.sale import ZERO, Buyer, Priced, Sale, price_sale
from posapp.domain.sale_check import check_sale
from posapp.domain.sale_rules import SaleRules
from posapp.domain.status import FINAL
from posapp.domain.text import clean_line, clean_text
from posapp.domain.who import Who
from posapp.services.kitchen_marks import watched
from posapp.services.orders import check_seen
from posapp.services.parts import note_parts
from posapp.services.payments import Account, account, pay_in, set_payment_status
from posapp.services.permits import permit
from posapp.services.promos import beside_promos
from posapp.services.sale_rows import (
    difference,
    insert_order,
    insert_sale,
    next_code,
    rewrite_order,
    update_sale,
    write_entry,
)
from posapp.services.shift_key import open_shift_key
from posapp.services.steps import read_facts
from posapp.storage.catalogue import products_by_id
from posapp.storage.feed import Topic
from posapp.storage.fields import from_us, to_us
from posapp.storage.reader import Reader, number_of, to_text
from posapp.storage.sales import DraftRow, draft, sale_record
from posapp.storage.store import Store, Transaction

MOST_DRAFTS = 200
LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale that is on the disk: its order, what it came to, and where it stands."""

    pk: int
    code: str
    number_of_day: int
    priced: Priced
    payments: tuple[Payment, ...]
    balance: Balance

    @property
    def change(self) -> Decimal:
        """Return what the customer gets back."""
        return sum((row.change for row in self.payments), Decimal("0"))


# What belongs into the same transaction, such as the tickets of a sale.
AlsoSold = Callable[[Transaction, Sold], None]


def save_draft(
    store: Store,
    draft_id: str,
    sale: Sale,
    who: Who,
    *,
    label: str = "",
    held: bool = False,
    parts: Sequence[Tender] = (),
    expected_version: int | None = None,
    origin: str = "",
) -> DraftRow:
    """Keep a cart as it is now; "" makes a new draft. A draft that was sold meanwhile is not revived.

    `parts` were taken so far, each with its amount: what is new among them, or gone, is told in the history.
    Raises StaleOrderError when it is gone, or when it is not of the version that is expected.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.SELL)
        now, kept = to_us(tx.now), tuple(parts)
        text, name = to_text(sale), clean_line(label)[:LONGEST_LABEL]
        note_parts(tx, draft_id, kept, who)
        if not draft_id:
            if number_of(tx, "SELECT count(*) FROM drafts WHERE station = ?", (who.station,)) >= MOST_DRAFTS:
                raise RefusedError("Too many carts are put aside.", remedy="Sell or drop some of them.")
            row = tx.one(
                "INSERT INTO drafts(id, station, actor, label, held, cart, version, created_at, changed_at, "
                "parts) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?) RETURNING id, version, created_at",
                (tx.new_id(), who.station, who.actor, name, int(held), text, now, now, to_text(kept)),
            )
        else:
            row = tx.one(
                "UPDATE drafts SET station = ?, actor = ?, label = ?, held = ?, cart = ?, parts = ?, "
                "version = version + 1, changed_at = ? WHERE id = ? AND version = coalesce(?, version) "
                "RETURNING id, version, created_at",
                (
                    *(who.station, who.actor, name, int(held), text, to_text(kept), now),
                    *(draft_id, expected_version),
                ),
            )
        if row is None:
            raise _draft_gone(tx, draft_id)
        tx.touch(None, Topic.SALES)
        since = from_us(row[2])
        return DraftRow(row[0], who.station, who.actor, name, held, sale, row[1], since, tx.now, kept)


def _check_discount(
    tx: Transaction, priced: Priced, rules: SaleRules, who: Who, below: Decimal = ZERO
) -> None:
    """Let a discount that is bigger than the settings allow everybody pass only with a manager.

    `below` is what the lines are cheaper than their dishes: such a price is a discount by another name.
    """
    if (priced.discount + below) * 100 > (priced.gross + below) * rules.discount_limit:
        permit(tx, who, Right.BIG_DISCOUNT)


def _below_menu(tx: Transaction, sale: Sale) -> Decimal:
    """Return how much less than the menu's prices the lines ask for."""
    known = products_by_id(tx, [line.internal_id for line in sale.lines if line.internal_id])
    cheaper = (
        (known[line.internal_id].price - line.unit_price) * line.quantity
        for line in sale.lines
        if line.internal_id in known
    )
    return sum((less for less in cheaper if less > 0), ZERO)


def _draft_gone(tx: Transaction, draft_id: str) -> StaleOrderError:
    if draft(tx, draft_id) is None:
        return StaleOrderError(
            "This cart is not there any more.", "It was sold or dropped at another station."
        )
    return StaleOrderError("This cart was changed at another station.")


def drop_draft(store: Store, draft_id: str, who: Who, *, origin: str = "") -> DraftRow | None:
    """Throw a cart away; return what it was, for an undo, None when it was gone already."""
    with store.write(origin) as tx:
        permit(tx, who, Right.SELL)
        found = draft(tx, draft_id)
        if found is None:
            return None
        note_parts(tx, draft_id, (), who)
        tx.execute("DELETE FROM drafts WHERE id = ?", (draft_id,))
        if found.sale.lines:
            tx.event(None, "draft_dropped", who, {"lines": str(len(found.sale.lines)), "label": found.label})
        tx.touch(None, Topic.SALES)
        return found


def sell(
    store: Store,
    sale: Sale,
    rules: SaleRules,
    who: Who,
    *,
    tenders: Sequence[Tender] = (),
    draft_id: str = "",
    also: AlsoSold | None = None,
    origin: str = "",
) -> Sold:
    """Make an order of a cart and take its payments, all in one transaction; the draft ends with it.

    Without tenders it is paid later. Raises RefusedError naming the fields that do not fit.
    """
    sale = cleaned(sale)
    with store.write(origin) as tx:
        permit(tx, who, Right.SELL)
        check_sale(sale, rules.currency, tx.now)
        shift = open_shift_key(tx, rules, who, rules.currency)
        if draft_id:
            _end_draft(tx, draft_id)
        priced = price_sale(sale, rules.currency)
        free = price_sale(beside_promos(tx, sale, rules, who), rules.currency)
        _check_discount(tx, free, rules, who, _below_menu(tx, sale))
        code, number = next_code(tx, rules.prefix)
        pk = insert_order(tx, code, sale, priced, rules, who)
        of_day = insert_sale(tx, pk, number, sale, priced, rules, who, shift)
        tx.event(pk, "sold", who, {"total": str(priced.total), "currency": rules.currency})
        took = pay_in(tx, account(tx, pk), tenders, rules, who)
        sold = Sold(pk, code, of_day, priced, took.payments, took.balance)
        if also is not None:
            also(tx, sold)
    return sold


def _end_draft(tx: Transaction, draft_id: str) -> None:
    # Two stations, or a key pressed twice, must not sell one cart twice.
    if tx.one("DELETE FROM drafts WHERE id = ? RETURNING 1", (draft_id,)) is None:
        raise StaleOrderError(
            "This cart is not there any more.",
            "It was sold or dropped already.",
            "Look at the list of orders.",
        )
    tx.touch(None, Topic.SALES)


@dataclass(frozen=True, slots=True)
class EditedSale:
    """A counter order after its cart was edited; a due below zero is to be given back."""

    pk: int
    code: str
    priced: Priced
    balance: Balance


def sale_to_edit(reader: Reader, pk: int) -> Sale:
    """Return the cart of a counter order with its details as they are now; raise for a remote order."""
    record = sale_record(reader, pk)
    row = reader.one(
        "SELECT customer_name, phone, address, street, home, apt, entrance, level, city, comment, kind, "
        "due_at FROM orders WHERE pk = ?",
        (pk,),
    )
    if record is None or row is None:
        raise UnknownOrderError("This is not an order of the counter.")
    due = from_us(row[11]).isoformat() if row[11] is not None else ""
    return replace(record.sale, buyer=Buyer(*row[:9]), comment=row[9], kind=row[10], due_at=due)


def edit_sale(
    store: Store,
    pk: int,
    sale: Sale,
    rules: SaleRules,
    who: Who,
    *,
    expected_version: int | None = None,
    reason: str = "",
    origin: str = "",
) -> EditedSale:
    """Write an edited cart over a counter order; its status stays, and the kitchen sees what changed."""
    with store.write(origin) as tx:
        return edit_sale_in(tx, pk, sale, rules, who, expected_version=expected_version, reason=reason)


def edit_sale_in(
    tx: Transaction,
    pk: int,
    sale: Sale,
    rules: SaleRules,
    who: Who,
    *,
    expected_version: int | None = None,
    reason: str = "",
) -> EditedSale:
    """Do what `edit_sale` does as a part of a larger act."""
    sale = cleaned(sale)
    permit(tx, who, Right.SELL)
    facts = read_facts(tx, pk)
    before = sale_record(tx, pk)
    if facts.remote is not None or before is None:
        raise RefusedError(f"Order #{facts.code} was not sold here.")
    check_seen(facts, expected_version)
    found = account(tx, pk)
    _check_editable(found)
    # A time that was good when it was sold may pass before the edit.
    same_due = facts.due_at is not None and _same_instant(sale.due_at, facts.due_at.isoformat())
    check_sale(replace(sale, due_at="") if same_due else sale, found.currency, tx.now)
    priced = price_sale(sale, found.currency)
    free = price_sale(beside_promos(tx, sale, rules, who, before.sale), found.currency)
    _check_discount(tx, free, rules, who)
    was = price_sale(before.sale, found.currency)
    with watched(tx, pk):
        rewrite_order(tx, pk, sale, priced)
    update_sale(tx, pk, sale, priced)
    if priced != was:
        shift = open_shift_key(tx, rules, who, found.currency)
        write_entry(tx, pk, shift, difference(was, priced))
    after = balance(priced.total, found.payments)
    set_payment_status(tx, found, after, found.payments)
    params = {"from": str(was.total), "to": str(priced.total), "currency": found.currency}
    tx.event(pk, "sale_edited", who, params | ({"reason": clean_line(reason)[:200]} if reason else {}))
    return EditedSale(pk, facts.code, priced, after)


def _same_instant(text: str, known: str) -> bool:
    try:
        return bool(text) and parse_instant(text) == parse_instant(known)
    except ValueError:
        return False


def _check_editable(found: Account) -> None:
    if found.status in FINAL:
        raise RefusedError(f"Order #{found.code} is already {found.status}.", "Its cart stays as it is.")
    if found.balance.returned:
        raise RefusedError(
            f"A part of order #{found.code} was given back.", "Its cart stays as it is.",
            "Make a new order for what is added.",
        )  # fmt: skip


def cleaned(sale: Sale) -> Sale:
    """Return a cart whose texts are harmless on screen and on paper."""
    lines = tuple(
        replace(
            line,
            title=clean_line(line.title),
            notes=clean_text(line.notes).strip(),
            modifiers=tuple(replace(item, title=clean_line(item.title)) for item in line.modifiers),
        )
        for line in sale.lines
    )
    buyer = Buyer(*(clean_line(getattr(sale.buyer, name)) for name in Buyer.__dataclass_fields__))
    return replace(
        sale, lines=lines, buyer=buyer, table=clean_line(sale.table), comment=clean_text(sale.comment).strip()
    )
