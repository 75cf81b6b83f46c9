"""What an answer means where the remote has one word for several statuses of ours."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from posapp.domain.outbox import OrderSync
from posapp.domain.received import RemoteOrder
from posapp.domain.status import Status
from posapp.sync.meaning import may_mean, meaning
from tests.support.shop_orders import remote_order
from tests.unit.sync.views import chain, row, view

SHARED = replace(remote_order("1"), status="accepted", alternatives=("timing", "edited"))
UNKNOWN = replace(remote_order("1"), status="created", understood=False)
PLAIN = replace(remote_order("1"), status="cooking")
S = Status


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (view(status=S.CREATED), S.ACCEPTED),
        (view(status=S.TIMING), S.TIMING),
        (view(status=S.COOKING, shadow=S.EDITED), S.EDITED),
        (view(status=S.COOKING, shadow=S.COOKING, own={S.TIMING, S.CREATED}), S.TIMING),
        (view(row(1, S.ACCEPTED, S.TIMING), shadow=S.ACCEPTED, status=S.ACCEPTED), S.TIMING),
        (view(*chain(S.ACCEPTED, S.COOKING, S.EDITED), shadow=S.TIMING), S.EDITED),
    ],
)
def test_of_several_statuses_the_order_keeps_the_one_it_is_nearest_to(
    known: OrderSync, expected: Status
) -> None:
    assert meaning(known, SHARED) is expected


@pytest.mark.parametrize("shadow", list(Status))
def test_an_answer_that_says_nothing_leaves_the_last_word_standing(shadow: Status) -> None:
    assert meaning(view(row(1, S.CREATED, S.ACCEPTED), shadow=shadow), UNKNOWN) is shadow


def test_a_plain_answer_means_what_it_says() -> None:
    assert meaning(view(row(1, S.CREATED, S.ACCEPTED), shadow=S.ACCEPTED), PLAIN) is S.COOKING


def test_what_an_answer_may_mean() -> None:
    def fitting(order: RemoteOrder) -> set[Status]:
        return {status for status in Status if may_mean(order, status)}

    assert fitting(SHARED) == {S.ACCEPTED, S.TIMING, S.EDITED}
    assert fitting(PLAIN) == {S.COOKING}
    assert fitting(UNKNOWN) == set(Status)
