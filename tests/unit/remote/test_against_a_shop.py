"""Transport and format together against a shop that goes wrong: what each fault is taken for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from posapp.remote.api import Outcome, Push, Verdict
from posapp.remote.transport import HttpTransport
from tests.support.faulty_plan import Fault, FaultKind
from tests.support.faulty_remote import FaultyRemote
from tests.unit.remote.samples import FORMAT, SHOP

V, F = Verdict, FaultKind


class Till:
    """What asks the shop."""

    def __init__(self, shop: FaultyRemote, key: str) -> None:
        self.transport = HttpTransport(shop.url, FORMAT.credentials(key), read_timeout=0.5, total_timeout=2)

    def pull(self) -> Outcome:
        return FORMAT.read_list(self.transport.send(FORMAT.list_request()), SHOP)

    def look(self, remote_id: str) -> Outcome:
        return FORMAT.read_order(self.transport.send(FORMAT.order_request(remote_id)), SHOP, remote_id)

    def push(self, remote_id: str, status: str = "accepted") -> Outcome:
        push = Push(status)
        return FORMAT.read_update(self.transport.send(FORMAT.update_request(remote_id, push)), push)

    def health(self) -> Outcome:
        return FORMAT.read_health(self.transport.send(FORMAT.health_request()))


@pytest.fixture
def shop() -> Iterator[FaultyRemote]:
    with FaultyRemote(api_key="right-key") as server:
        yield server


@pytest.fixture
def till(shop: FaultyRemote) -> Iterator[Till]:
    made = Till(shop, "right-key")
    yield made
    made.transport.close()


def test_orders_are_pulled_read_and_moved(shop: FaultyRemote, till: Till) -> None:
    ids = shop.add(30)
    pulled = till.pull()
    assert sorted(order.remote_id for order in pulled.orders) == sorted(ids)
    assert (pulled.verdict, pulled.bad_rows) == (V.OK, ())
    assert pulled.server_time is not None
    assert till.health().verdict is V.OK
    pushed = till.push(ids[0])
    assert (pushed.verdict, pushed.verified) == (V.OK, True)
    assert shop.status(ids[0]) == "accepted"
    seen = till.look(ids[0])
    assert seen.order is not None
    assert seen.order.status == "accepted"
    assert len(till.pull().orders) == 29
    assert till.look("nobody").verdict is V.GONE


def test_eight_orders_side_by_side(shop: FaultyRemote, till: Till) -> None:
    ids = shop.add(40)
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(till.push, ids))
    assert all(outcome.verified for outcome in outcomes)
    assert set(shop.statuses().values()) == {"accepted"}


# What is asked for, what a pull makes of it, what a push makes of it, and whether the shop saved the push.
FAULTS: list[tuple[Fault, Verdict, Verdict, bool]] = [
    (Fault(F.DROP_BEFORE), V.UNKNOWN, V.UNKNOWN, False),
    (Fault(F.DROP_AFTER), V.UNKNOWN, V.UNKNOWN, True),
    (Fault(F.E500), V.UNKNOWN, V.UNKNOWN, False),
    (Fault(F.E500_AFTER), V.UNKNOWN, V.UNKNOWN, True),
    (Fault(F.E503), V.UNKNOWN, V.UNKNOWN, False),
    (Fault(F.E503, retry_after="3"), V.THROTTLED, V.THROTTLED, False),
    (Fault(F.E429), V.THROTTLED, V.THROTTLED, False),
    (Fault(F.HTML200), V.PORTAL, V.PORTAL, False),
    (Fault(F.REDIRECT302), V.PORTAL, V.PORTAL, False),
    (Fault(F.TRUNCATED), V.UNKNOWN, V.UNKNOWN, True),
    (Fault(F.EMPTY200), V.UNREADABLE, V.UNKNOWN, True),
    (Fault(F.SLOW, seconds=0.1), V.OK, V.OK, True),
    (Fault(F.SLOW, seconds=1.5), V.UNKNOWN, V.UNKNOWN, True),
    (Fault(F.HANG, seconds=3), V.UNKNOWN, V.UNKNOWN, False),
    (Fault(F.WRONG_KEY), V.SIGN_IN, V.SIGN_IN, False),
    (Fault(F.WRONG_KEY, code=403), V.FORBIDDEN, V.FORBIDDEN, False),
]


@pytest.mark.parametrize(
    ("fault", "pulled", "pushed", "saved"), FAULTS, ids=lambda part: str(getattr(part, "kind", ""))
)
def test_every_fault_is_taken_for_what_it_is(
    fault: Fault, pulled: Verdict, pushed: Verdict, saved: bool, shop: FaultyRemote, till: Till
) -> None:
    (remote_id,) = shop.add(1)
    # The first requests go out on a new connection, as a kept one would let a dropped read be repeated.
    shop.next_fault(fault, "list")
    assert till.pull().verdict is pulled
    fresh = Till(shop, "right-key")
    shop.next_fault(fault, "update")
    outcome = fresh.push(remote_id)
    assert outcome.verdict is pushed
    assert outcome.verified == (pushed is V.OK)
    assert (shop.status(remote_id) == "accepted") == saved
    assert shop.count("update") == 1
    assert shop.other_origin == []
    fresh.transport.close()


def test_json_of_another_shape_is_never_no_orders_and_never_success(shop: FaultyRemote, till: Till) -> None:
    (remote_id,) = shop.add(1)
    shop.next_fault(F.WRONG_TYPE, times=3)
    assert till.pull().verdict in {V.PORTAL, V.UNREADABLE}
    assert till.look(remote_id).verdict is V.UNREADABLE
    assert till.push(remote_id).verdict is V.UNKNOWN


def test_the_remotes_no_is_a_refusal_and_its_nothing_is_not_a_yes(shop: FaultyRemote, till: Till) -> None:
    (remote_id,) = shop.add(1)
    shop.next_fault(F.FAILED)
    refused = till.push(remote_id)
    assert refused.verdict is V.REFUSED
    assert "Не удалось сохранить" in refused.detail
    shop.next_fault(F.UPDATED0)
    nothing = till.push(remote_id)
    assert (nothing.verdict, nothing.verified) == (V.OK, False)


def test_a_shop_that_is_away_and_comes_back(shop: FaultyRemote, till: Till) -> None:
    (remote_id,) = shop.add(1)
    assert till.pull().verdict is V.OK
    shop.go_offline()
    assert till.push(remote_id).verdict is V.NOT_SENT
    shop.go_online()
    assert till.push(remote_id).verified


def test_connections_that_the_shop_closed_while_idle_cost_nothing(shop: FaultyRemote, till: Till) -> None:
    (remote_id,) = shop.add(1)
    for _ in range(3):
        assert till.pull().verdict is V.OK
        shop.close_idle()
    assert till.push(remote_id).verified


def test_a_wrong_key_is_a_sign_in(shop: FaultyRemote) -> None:
    till = Till(shop, "wrong-key")
    assert till.pull().verdict is V.SIGN_IN
    till.transport.close()
