"""A long time without a network: thousands of changes wait, and leave in their order when it is back.

POSAPP_QUEUED_ORDERS is the number of orders, with four or five changes each.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from posapp.domain.status import Status
from posapp.services import orders
from tests.flow.sync.desk import WHO, Desk
from tests.support.faulty_remote import FaultyRemote

ORDERS = int(os.environ.get("POSAPP_QUEUED_ORDERS", "300"))
STEPS = (Status.TIMING, Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY, Status.DELIVERED)


def steps_of(kind: str) -> list[Status]:
    return [step for step in STEPS if kind == "delivery" or step is not Status.ONDELIVERY]


@pytest.mark.timeout(120 + ORDERS)
def test_what_was_queued_offline_leaves_in_order_and_once(tmp_path: Path) -> None:
    with FaultyRemote(seed=5) as shop:
        shop.add(ORDERS)
        desk = Desk(tmp_path / "desk", alma=shop)
        desk.collapse("all")
        try:
            while desk.round(120).pulled:
                pass
            shop.go_offline()
            kinds = dict(desk.store.all("SELECT pk, kind FROM orders"))
            wanted = {pk: steps_of(kind) for pk, kind in kinds.items()}
            for number in range(len(STEPS)):
                for pk, steps in wanted.items():
                    if number < len(steps):
                        orders.move(desk.store, pk, steps[number], WHO)
            shop.go_online()
            began = time.monotonic()
            result = desk.round(600)
            seconds = time.monotonic() - began
            changes = sum(map(len, wanted.values()))
            assert (result.pushed, result.pending, result.attention) == (changes, 0, 0)
            for pk, remote_id in desk.store.all("SELECT pk, remote_id FROM orders"):
                assert shop.writes(remote_id) == [step.value for step in wanted[pk]]
            assert shop.max_in_flight_per_order == 1
        finally:
            desk.close()
    rate = f"{changes / seconds:.0f}/s"
    print(f"{changes} changes of {ORDERS} orders in {seconds:.1f} s ({rate}), all in order")  # noqa: T201
