"""What a sale of the counter says of itself: how it is paid, and its history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.timing import Targets
from posapp.services import counter, payments
from posapp.storage.details import order_detail
from posapp.storage.rows import OrderDetail
from posapp.storage.store import Store
from posapp.ui.delegates.rowtext import payment_line
from posapp.ui.detail.moneyfacts import payment_facts, total_facts
from posapp.ui.eventwords import history
from tests.support.shop_orders import ANNA, Clock, make_store
from tests.support.till import CARD, CASH, RULES, a_line, a_sale

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path / "data", Clock())
    yield store
    store.close_thread()


def detail_of(store: Store, pk: int) -> OrderDetail:
    found = order_detail(store, pk, Targets())
    assert found is not None
    return found


def test_cash_that_was_taken_is_not_to_be_collected(store: Store, qapp: object) -> None:
    paid = detail_of(store, counter.sell(store, a_sale(), RULES, ANNA, tenders=[CASH]).pk)
    later = detail_of(store, counter.sell(store, a_sale(), RULES, ANNA).pk)

    assert payment_line(paid.row).text == "Paid · cash"
    assert (payment_facts(paid.row).chip, payment_facts(paid.row).warning) == ("Paid", "")
    assert payment_line(later.row).text == "Unpaid"
    assert payment_facts(later.row).warning == "Not paid yet."
    assert total_facts(paid).mark == ""


def test_the_history_tells_what_was_paid_and_given_back(store: Store, qapp: object) -> None:
    sold = counter.sell(store, a_sale(), RULES, ANNA, tenders=[CARD])
    counter.edit_sale(store, sold.pk, a_sale(a_line("2000"), a_line("700")), RULES, ANNA)
    payments.pay(store, sold.pk, [CASH], RULES, ANNA)
    payments.refund_order(store, sold.pk, RULES, ANNA, reason="burnt")
    detail = detail_of(store, sold.pk)

    lines = history(detail, NOW, ZoneInfo("UTC"))
    told = [line.text.replace("\u202f", " ").replace("\u00a0", " ") for line in lines]
    assert sorted(told) == [
        "Given back 100 ₸ · cash · burnt",
        "Given back 2 600 ₸ · card · burnt",
        "Lines changed: 2 600 ₸ → 2 700 ₸",
        "Paid 100 ₸ · cash",
        "Paid 2 600 ₸ · card",
        "Sold at the counter · 2 600 ₸",
    ]
    assert payment_line(detail.row).text == "Refunded"
