"""What was sold most comes first at the counter."""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.payment import Tender
from posapp.domain.status import PaymentMethod, Status
from posapp.services import counter, orders
from posapp.storage.popular import popular_products
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START
from tests.support.till import RULES, a_line, a_sale

CASH = Tender(PaymentMethod.CASH)


def sold(store: Store, *pieces: tuple[str, int]) -> int:
    lines = [a_line(quantity=count, internal_id=key) for key, count in pieces]
    return counter.sell(store, a_sale(*lines), RULES, ANNA, tenders=[CASH]).pk


def test_pieces_count_over_all_orders_of_the_days_asked_for(store: Store) -> None:
    sold(store, ("borsch", 2), ("cola", 5))
    sold(store, ("borsch", 4), ("tea", 1), ("", 50))

    assert popular_products(store, START - timedelta(days=1)) == ("borsch", "cola", "tea")
    assert popular_products(store, START - timedelta(days=1), limit=1) == ("borsch",)
    assert popular_products(store, START + timedelta(days=1)) == ()


def test_what_was_cancelled_was_not_sold(store: Store) -> None:
    pk = sold(store, ("cola", 9))
    sold(store, ("tea", 1))
    orders.move(store, pk, Status.CANCELLED, ANNA, reason="no cola")

    assert popular_products(store, START - timedelta(days=1)) == ("tea",)
