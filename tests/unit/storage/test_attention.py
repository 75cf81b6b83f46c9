"""What deserves a sound: the same orders that the screens call late, and every matter that needs a person."""

from __future__ import annotations

from datetime import timedelta

from posapp.domain.status import Status
from posapp.domain.timing import Age, Targets, age_level
from posapp.services import orders
from posapp.services.accepting import accept
from posapp.services.remotes import note_new_secret
from posapp.storage.attention import attention
from posapp.storage.queries import rows_by_pk
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, Clock, put_in, remote_order, set_rows

TARGETS = Targets(delivery_min=15, pickup_min=10)


def late_on_the_screen(store: Store, pks: list[int], clock: Clock) -> set[int]:
    late = set()
    for row in rows_by_pk(store, pks, TARGETS).values():
        seconds = (clock() - row.age_from).total_seconds() if row.age_from is not None else 0
        if row.status != "created" and age_level(Status(row.status), seconds, row.target_s) is Age.LATE:
            late.add(row.pk)
    return late


def test_late_are_the_orders_that_the_screens_call_late_at_every_minute(store: Store, clock: Clock) -> None:
    kinds = ("delivery", "pickup", "delivery", "delivery", "pickup", "delivery")
    pks = put_in(store, *(remote_order(f"r{n}", kind=kind) for n, kind in enumerate(kinds)))
    fresh, pickup, cooking, promised, sent, edited = pks
    for pk in (pickup, cooking, sent):
        orders.move(store, pk, Status.ACCEPTED, ANNA)
    accept(store, promised, clock() + timedelta(minutes=25), ANNA)
    orders.move(store, cooking, Status.COOKING, ANNA)
    for status in (Status.COOKING, Status.DELIVERED):
        orders.move(store, sent, status, ANNA)
    orders.move(store, edited, Status.EDITED, ANNA)

    found = []
    for _ in range(30):
        clock.pass_by(seconds=61)
        late = attention(store, TARGETS, clock()).late
        assert late == late_on_the_screen(store, pks, clock)
        found.append(late)

    assert found[0] == frozenset()
    assert found[-1] == {pickup, cooking, promised, edited}
    assert fresh not in found[-1]


def test_each_matter_that_needs_a_person_has_a_name_of_its_own(store: Store, clock: Clock) -> None:
    one, two = put_in(store, remote_order("r1"), remote_order("r2"))
    assert attention(store, TARGETS, clock()).needing == frozenset()
    for pk in (one, two):
        orders.move(store, pk, Status.ACCEPTED, ANNA)
    set_rows(store, one, "parked", last_error="no")
    first = attention(store, TARGETS, clock()).needing
    set_rows(store, two, "conflict", theirs="cancelled")
    with store.write() as tx:
        tx.execute("INSERT INTO remotes(name, trouble, detail, sign_in) VALUES ('alma', '', '', 1)")

    both = attention(store, TARGETS, clock()).needing

    assert len(first) == 1
    assert first < both
    assert len(both) == 3
    note_new_secret(store, "alma")
    assert len(attention(store, TARGETS, clock()).needing) == 2
