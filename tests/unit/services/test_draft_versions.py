"""A draft is written over the version that was read, when one is named."""

from __future__ import annotations

import pytest

from posapp.domain.errors import StaleOrderError
from posapp.domain.who import Who
from posapp.services import counter
from posapp.storage.sales import draft
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA
from tests.support.till import a_line, a_sale

BAR = Who("boris", "bar")


def test_a_cart_that_somebody_else_changed_is_not_written_over(store: Store) -> None:
    mine = counter.save_draft(store, "", a_sale(), ANNA)
    mine = counter.save_draft(store, mine.id, a_sale(a_line("100")), ANNA, expected_version=mine.version)
    theirs = counter.save_draft(store, mine.id, a_sale(a_line("700")), BAR)

    with pytest.raises(StaleOrderError, match="changed at another station"):
        counter.save_draft(store, mine.id, a_sale(a_line("900")), ANNA, expected_version=mine.version)
    assert draft(store, mine.id) == theirs


def test_one_that_is_gone_is_told_as_gone(store: Store) -> None:
    mine = counter.save_draft(store, "", a_sale(), ANNA)
    counter.drop_draft(store, mine.id, BAR)

    with pytest.raises(StaleOrderError, match="not there any more"):
        counter.save_draft(store, mine.id, a_sale(), ANNA, expected_version=mine.version)
