"""Taking in what a remote lists."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from posapp.domain.received import BadRow, RemoteLine
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.services import intake, orders, quarantine
from posapp.storage.details import find_order, order_detail, quarantine_rows, sync_summary
from posapp.storage.feed import Change
from posapp.storage.queries import counts, total_orders
from posapp.storage.rows import OrderDetail
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, SOURCE, START, Clock, order_fact, put_in, remote_order


def detail(store: Store, pk: int) -> OrderDetail:
    found = order_detail(store, pk, Targets())
    assert found is not None
    return found


def test_new_orders_are_stored_whole_with_running_numbers(store: Store) -> None:
    first, second = put_in(store, remote_order("r1"), remote_order("r2", total="1e2-as-sent"))

    assert (order_fact(store, first, "code"), order_fact(store, second, "code")) == ("1001", "1002")
    found = detail(store, first)
    assert found.remote_id == "r1"
    assert found.row.total == "2600.00"
    assert found.phone_digits == "77012341806"
    assert [(line.title, line.quantity) for line in found.lines] == [("Маргарита", 1)]
    assert found.raw == '{"id": "r1"}'
    assert found.events[0].kind == "received"
    assert order_fact(store, second, "total") == "1e2-as-sent"
    assert counts(store, START).by_status == {"created": 2}


def test_a_known_order_is_not_doubled_and_keeps_its_local_status(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)

    taken = intake.take_in(store, SOURCE, [remote_order("r1", comment="ring twice", raw="{}")], "counter-1")

    assert (taken.new, taken.seen) == (0, ((pk, Status.CREATED),))
    assert total_orders(store) == 1
    assert order_fact(store, pk, "status") == "accepted"
    assert order_fact(store, pk, "comment") == "ring twice"
    assert detail(store, pk).events[-1].params == {"fields": "comment"}


def test_the_same_payload_again_writes_nothing(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    heard: list[Change] = []
    store.feed.subscribe(heard.append)

    put_in(store, remote_order("r1"))

    assert heard == []
    assert order_fact(store, pk, "version") == 1


def test_a_payload_that_means_the_same_is_no_news_for_people(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))

    put_in(store, remote_order("r1", raw='{"id":"r1"}'))

    assert [event.kind for event in detail(store, pk).events] == ["received"]
    assert detail(store, pk).raw == '{"id":"r1"}'


def test_every_part_of_a_line_is_taken_over(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    line = RemoteLine("Маргарита", 1, Decimal("2600.00"), Decimal("2600.00"))

    put_in(store, remote_order("r1", raw="1", lines=(replace(line, notes="no onions"),)))
    assert detail(store, pk).lines[0].notes == "no onions"

    put_in(store, remote_order("r1", raw="2", lines=(replace(line, unit_price=Decimal("2500.00")),)))
    assert detail(store, pk).lines[0].unit_price == Decimal("2500.00")
    assert [event.params.get("fields") for event in detail(store, pk).events[1:]] == ["lines", "lines"]


def test_a_new_due_time_moves_a_scheduled_order_in_the_list(store: Store) -> None:
    due = START + timedelta(hours=3)
    (pk,) = put_in(store, remote_order("r1", status="timing", due_at=due))
    before = order_fact(store, pk, "urgency")

    put_in(store, remote_order("r1", status="timing", due_at=due - timedelta(hours=1), raw="1"))

    assert before - order_fact(store, pk, "urgency") == 3_600_000_000


def test_orders_of_two_remotes_with_one_id_are_two(store: Store) -> None:
    put_in(store, remote_order("r1"))
    intake.take_in(store, intake.Source("other", "internal", "NPR"), [remote_order("r1")], "counter-1")

    assert total_orders(store) == 2
    rows = store.all("SELECT remote, currency FROM orders ORDER BY pk")
    assert rows == [("alma", "KZT"), ("other", "NPR")]


def test_finished_orders_come_in_closed_and_silent(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1", status="delivered"))

    assert order_fact(store, pk, "closed_at") is not None
    assert order_fact(store, pk, "urgency") is None
    assert order_fact(store, pk, "noticed_at") is not None


def test_a_long_list_is_taken_in_by_chunks(store: Store) -> None:
    heard: list[Change] = []
    store.feed.subscribe(heard.append)

    pks = put_in(store, *(remote_order(f"r{number}") for number in range(intake.CHUNK + 3)))

    assert len(set(pks)) == intake.CHUNK + 3
    assert len(heard) == 2
    assert find_order(store, f"r{intake.CHUNK + 2}") == pks[-1]
    assert order_fact(store, pks[-1], "code") == str(1000 + intake.CHUNK + 3)


def test_customers_are_kept_once_with_their_newest_name(store: Store) -> None:
    put_in(store, remote_order("r1"), remote_order("r2", customer_name="Айгерим С."))

    assert store.all("SELECT name FROM customers") == [("Айгерим С.",)]


# -- quarantine ----------------------------------------------------------------------------------------


def test_a_bad_row_is_kept_once_and_counted(store: Store, clock: Clock) -> None:
    row = BadRow("The price makes no sense.", '{"id": "r9", "price": "1,5"}', "r9")

    assert quarantine.keep(store, "alma", [row]) == 1
    clock.pass_by(minutes=1)
    assert quarantine.keep(store, "alma", [row, row]) == 0

    (kept,) = quarantine_rows(store)
    assert (kept.reason, kept.remote_id, kept.times) == (row.reason, "r9", 3)
    assert kept.last_at - kept.first_at == timedelta(minutes=1)
    assert sync_summary(store).quarantined == 1


def test_a_row_that_can_be_read_by_now_is_solved(store: Store) -> None:
    quarantine.keep(store, "alma", [BadRow("No.", "1", "r1"), BadRow("No.", "2", "r2"), BadRow("No.", "3")])

    quarantine.solve(store, "alma", ["r1", ""])

    assert sorted(row.raw for row in quarantine_rows(store)) == ["2", "3"]


def test_a_solved_row_that_is_bad_again_is_shown_again(store: Store) -> None:
    row = BadRow("No.", "1", "r1")
    quarantine.keep(store, "alma", [row])
    quarantine.solve(store, "alma", ["r1"])
    assert sync_summary(store).quarantined == 0

    quarantine.keep(store, "alma", [row])

    assert sync_summary(store).quarantined == 1


def test_what_is_kept_of_a_row_has_an_end(store: Store) -> None:
    quarantine.keep(store, "alma", [BadRow("No.", "x" * 100_000, "i" * 100)])

    (kept,) = quarantine_rows(store)
    assert len(kept.raw) == quarantine.RAW_LIMIT
    assert len(kept.remote_id) == 64


def test_a_remotes_own_code_is_kept_while_nobody_else_has_it(store: Store) -> None:
    put_in(
        store, remote_order("r1", code="B-7"), remote_order("r2", code="B-7"), remote_order("r3", code="1")
    )
    put_in(store, remote_order("r4", code="B-7"), remote_order("r5"), remote_order("r6", code="2"))
    codes = dict(store.all("SELECT remote_id, code FROM orders"))
    assert (codes["r1"], codes["r3"]) == ("B-7", "1")
    assert len(set(codes.values())) == 6
    assert all(code.isdigit() for name, code in codes.items() if name != "r1")
