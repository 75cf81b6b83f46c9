"""Several acts in one commit: none is there before the end, one that fails is undone alone."""

from __future__ import annotations

import pytest

from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage.feed import Change
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, order_fact, put_in, remote_order


def statuses(store: Store) -> list[str]:
    return [row[0] for row in store.all("SELECT status FROM orders ORDER BY pk")]


@pytest.fixture
def pks(store: Store) -> list[int]:
    return put_in(store, remote_order("1"), remote_order("2"))


def move(store: Store, pk: int) -> None:
    orders.move(store, pk, Status.ACCEPTED, ANNA)


def spoil(store: Store) -> None:
    with store.write() as tx:
        tx.execute("UPDATE orders SET status = 'cancelled'")
        raise ZeroDivisionError


def move_and_spoil(store: Store, pk: int) -> None:
    with store.gather():
        move(store, pk)
        spoil(store)


def test_nobody_hears_of_gathered_acts_before_their_commit_and_then_once(
    store: Store, pks: list[int]
) -> None:
    heard: list[Change] = []
    store.feed.subscribe(heard.append)
    with store.gather("sync"):
        for pk in pks:
            move(store, pk)
        assert heard == []
    assert [(change.orders, change.origin) for change in heard] == [(frozenset(pks), "sync")]
    assert statuses(store) == ["accepted", "accepted"]


def test_an_act_that_fails_is_undone_alone(store: Store, pks: list[int]) -> None:
    with store.gather():
        move(store, pks[0])
        with pytest.raises(ZeroDivisionError):
            spoil(store)
        assert statuses(store) == ["accepted", "created"]
    assert statuses(store) == ["accepted", "created"]


def test_when_the_block_fails_none_of_its_acts_is_there(store: Store, pks: list[int]) -> None:
    with pytest.raises(ZeroDivisionError):
        move_and_spoil(store, pks[0])
    assert order_fact(store, pks[0], "status") == "created"
    move(store, pks[1])
    assert statuses(store) == ["created", "accepted"]


def test_acts_are_gathered_by_one_thread_and_once(store: Store, pks: list[int]) -> None:
    with store.gather():
        with pytest.raises(RuntimeError), store.gather():
            pass
        with store.write(), pytest.raises(RuntimeError), store.write():
            pass
        move(store, pks[0])
    assert statuses(store) == ["accepted", "created"]
    assert not store.gathers
