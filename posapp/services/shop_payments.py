"""Orders of a shop that are paid here: on delivery or at the counter, and told to the shop that asks."""

from __future__ import annotations

from posapp.domain.errors import RefusedError
from posapp.domain.payment import Tender
from posapp.domain.sale_rules import SaleRules
from posapp.domain.status import PaymentMethod, PaymentStatus
from posapp.domain.who import Who
from posapp.services import edits, payments
from posapp.services.order_fields import STAFF, order_format
from posapp.services.payments import Also, Took
from posapp.storage.store import Store, Transaction

UNDONE = "Undone"


def mark_paid(
    store: Store,
    pk: int,
    rules: SaleRules,
    who: Who,
    *,
    expected_version: int | None = None,
    origin: str = "",
) -> Took:
    """Note that a shop's order is paid in full, by the method that the order names.

    Raises RefusedError when nothing is due.
    """
    found = payments.account(store, pk)
    if found.balance.due <= 0:
        raise RefusedError(
            f"Order #{found.code} is paid already.", remedy="Its payments are in the order's history."
        )
    row = store.one("SELECT payment_method FROM orders WHERE pk = ?", (pk,))
    card = row is not None and row[0] == PaymentMethod.CARD
    tender = Tender(PaymentMethod.CARD if card else PaymentMethod.CASH)
    return payments.pay(
        store,
        pk,
        [tender],
        rules,
        who,
        expected_version=expected_version,
        also=telling_shop(who),
        origin=origin,
    )


def unmark_paid(store: Store, took: Took, rules: SaleRules, who: Who, *, origin: str = "") -> Took:
    """Take back that a shop's order was paid; the shop is told as it was."""
    return payments.reverse(
        store,
        took.pk,
        took.payments[0].pk,
        rules,
        who,
        reason=UNDONE,
        also=telling_shop(who),
        origin=origin,
    )


def telling_shop(who: Who, also: Also | None = None) -> Also:
    """Return what tells a staff shop whether its order is paid; other orders are settled here alone.

    `also` belongs to the same transaction, such as a receipt.
    """

    def tell(tx: Transaction, took: Took) -> None:
        if tells_shop(tx, took):
            paid = took.balance.status is PaymentStatus.PAID
            edits.put_in(tx, took.pk, {"payment_status": "1" if paid else "0"}, who)
        if also is not None:
            also(tx, took)

    return tell


def tells_shop(reader: Transaction | Store, took: Took) -> bool:
    """Tell whether the order's shop has a word for its payment."""
    return took.remote is not None and order_format(reader, took.pk) == STAFF
