"""The send loop of one lane, rule by rule, over a real database and a shop in memory."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import orders
from posapp.storage.queries import alarm
from tests.unit.sync.bench import CUT, DOWN, GONE, Bench, only, refused, said
from tests.unit.sync.conftest import MakeBench
from tests.unit.sync.views import ACCEPTED, CANCELLED, COOKING, CREATED, DELIVERED, EDITED, ONDELIVERY

CONFIRMED = ["confirmed"]


def take_as_far_as(bench: Bench, *statuses: Status) -> None:
    bench.move(*statuses)
    bench.run(1)
    assert bench.there() == statuses[-1]
    assert set(bench.states()) == {"confirmed"}


# -- read, send, confirm -------------------------------------------------------------------------------


def test_changes_go_out_in_their_order(bench: Bench) -> None:
    bench.move(ACCEPTED, COOKING, ONDELIVERY, DELIVERED)
    bench.run(1)
    assert bench.sent() == ["accepted", "cooking", "ondelivery", "delivered"]
    assert bench.states() == ["confirmed"] * 4


def test_a_write_follows_a_read_that_is_at_most_five_seconds_old(bench: Bench) -> None:
    bench.run(9)
    bench.move(ACCEPTED)
    bench.run(0)
    assert [entry[1] for entry in bench.shop.asked[-2:]] == ["read", "write"]


def test_there_and_back_sends_nothing(bench: Bench) -> None:
    bench.move(ACCEPTED)
    bench.undo()
    bench.run(60)
    assert bench.sent() == []
    assert bench.sync() == "synced"


def test_a_value_that_is_there_already_is_confirmed_without_sending(bench: Bench) -> None:
    bench.foreign(ACCEPTED)
    bench.run(6)
    bench.move(ACCEPTED) if bench.status() == "created" else None
    bench.run(20)
    assert bench.sent() == []
    assert (bench.status(), bench.sync()) == ("accepted", "synced")


def test_a_success_without_the_word_succeeded_is_checked_by_a_read(bench: Bench) -> None:
    bench.shop.fault = only("write", said({"ok": True}), times=1)
    bench.move(ACCEPTED)
    bench.run(0)
    assert bench.states() == ["in_flight"]
    bench.run(30)
    assert bench.states() == CONFIRMED
    assert bench.sent() == ["accepted", "accepted"]


def test_updated_0_is_checked_by_a_read(bench: Bench) -> None:
    answer = said({"processing_object": {"id": 1, "status": "succeeded", "info": "Updated: 0"}})
    bench.shop.fault = only("write", answer, times=1)
    bench.move(ACCEPTED)
    bench.run(0)
    assert bench.states() == ["in_flight"]
    bench.run(30)
    assert bench.states() == CONFIRMED


def test_an_unknown_outcome_that_arrived_is_not_sent_again(bench: Bench) -> None:
    bench.shop.fault = only("write", CUT, times=1)
    bench.move(ACCEPTED)
    bench.run(0)
    bench.foreign(ACCEPTED)  # the write arrived all the same
    bench.run(30)
    assert bench.sent() == ["accepted"]
    assert bench.states() == CONFIRMED


def test_what_was_in_flight_at_a_crash_is_read_first(bench: Bench) -> None:
    bench.hold = lambda dispatch: dispatch.request.method == "PUT"
    bench.move(ACCEPTED, COOKING)
    bench.run(1)
    assert bench.states() == ["in_flight", "pending"]
    before = len(bench.shop.asked)
    bench.hold = None
    bench.restart()
    bench.run(30)
    about_orders = [entry[1] for entry in bench.shop.asked[before:] if entry[1] != "list"]
    assert about_orders[0] == "read"
    assert bench.sent() == ["accepted", "cooking"]
    assert bench.states() == ["confirmed"] * 2


def test_an_order_has_one_request_under_way_at_most(bench: Bench) -> None:
    bench.hold = lambda dispatch: dispatch.request.method == "PUT"
    bench.move(ACCEPTED, COOKING)
    bench.run(20)
    assert bench.sent() == ["accepted"]
    bench.let_go()
    bench.run(10)
    assert bench.sent() == ["accepted", "cooking"]


def test_a_list_that_is_older_than_a_write_is_no_news(bench: Bench) -> None:
    bench.hold = lambda dispatch: dispatch.request.path.endswith("orders.json")
    bench.run(11)
    assert bench.held
    bench.move(ACCEPTED)
    bench.run(1)
    assert bench.states() == CONFIRMED
    before = bench.shop.count("read")
    bench.let_go()
    bench.run(1)
    assert (bench.status(), bench.sync()) == ("accepted", "synced")
    assert bench.shop.count("read") == before


def test_a_list_that_is_older_than_a_read_is_no_news(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED)
    bench.foreign(CREATED)
    bench.hold = lambda dispatch: dispatch.request.path.endswith("orders.json")
    bench.run(11)
    bench.foreign(ACCEPTED)
    bench.run(30)
    bench.let_go()
    bench.run(1)
    assert (bench.status(), bench.sync()) == ("accepted", "synced")


def test_what_the_list_says_about_an_order_of_ours_is_checked_by_reading_it(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED)
    order = dict(bench.shop.orders[bench.shop.ids[0]], status="created")
    bench.shop.fault = only("list", said({"orders": [order]}))
    bench.run(25)
    assert (bench.status(), bench.sync()) == ("accepted", "synced")


# -- hold, undo ----------------------------------------------------------------------------------------


def test_a_cancellation_of_the_window_is_sent_after_six_seconds(bench: Bench) -> None:
    bench.move(CANCELLED, hold=True)
    bench.run(5.9)
    assert bench.sent() == []
    bench.kick()
    bench.run(0)
    assert bench.sent() == []
    bench.run(0.2)
    assert bench.sent() == ["cancelled"]


def test_an_undone_cancellation_is_never_sent_and_holds_nothing_up(bench: Bench) -> None:
    bench.move(CANCELLED, hold=True)
    bench.run(3)
    bench.undo()
    bench.move(ACCEPTED)
    bench.run(0.5)
    assert bench.sent() == ["accepted"]


def test_a_final_status_that_was_sent_can_be_taken_back(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED, COOKING)
    take_as_far_as(bench, CANCELLED)
    bench.undo()
    bench.run(10)
    assert bench.there() == "cooking"
    assert bench.states()[-1] == "confirmed"


# -- somebody else -------------------------------------------------------------------------------------


def test_a_cancel_there_before_cooking_is_adopted(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED)
    bench.foreign(CANCELLED)
    bench.run(40)
    assert (bench.status(), bench.sync()) == ("cancelled", "synced")


def test_a_cancel_that_is_adopted_rings_until_somebody_takes_notice(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED)
    assert alarm(bench.store).count == 0
    bench.foreign(CANCELLED)
    bench.run(40)
    ringing = alarm(bench.store)
    assert (ringing.count, ringing.cancelled) == (1, 1)
    assert ringing.oldest is not None
    assert ringing.oldest > bench.now - timedelta(seconds=60)

    assert orders.acknowledge(bench.store, ringing.pks, Who("anna", "counter-1")) == 1
    assert alarm(bench.store).count == 0


def test_an_order_that_somebody_else_accepts_rings_no_more(bench: Bench) -> None:
    bench.run(1)
    assert alarm(bench.store).count == 1
    bench.foreign(ACCEPTED)
    bench.run(40)
    assert (bench.status(), alarm(bench.store).count) == ("accepted", 0)


def test_a_cancel_there_stops_a_move_that_waits(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED)
    bench.run(9)
    bench.foreign(CANCELLED)
    bench.move(COOKING)
    bench.run(60)
    assert bench.there() == "cancelled"
    assert bench.sync() == "conflict"
    assert bench.sent() == ["accepted"]


@pytest.mark.parametrize(
    ("choice", "there", "here"), [("mine", "cooking", "cooking"), ("theirs", "cancelled", "cancelled")]
)
def test_a_cancel_while_we_cook_is_settled_by_a_person(
    bench: Bench, choice: str, there: str, here: str
) -> None:
    take_as_far_as(bench, ACCEPTED, COOKING)
    bench.foreign(CANCELLED)
    bench.run(40)
    assert (bench.status(), bench.sync()) == ("cooking", "conflict")
    bench.resolve(choice)
    bench.run(130)
    assert (bench.there(), bench.status(), bench.sync()) == (there, here, "synced")


def test_a_second_cancel_after_a_person_chose_mine_is_a_conflict_again(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED, COOKING)
    bench.foreign(CANCELLED)
    bench.run(40)
    bench.resolve("mine")
    bench.run(10)
    assert bench.there() == "cooking"
    bench.foreign(CANCELLED)
    bench.move(ONDELIVERY)
    bench.run(60)
    assert bench.there() == "cancelled"
    assert bench.sync() == "conflict"


def test_moves_made_during_a_conflict_wait_behind_it(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED, COOKING)
    bench.foreign(CANCELLED)
    bench.run(40)
    bench.move(ONDELIVERY)
    bench.run(60)
    assert bench.states()[-2:] == ["conflict", "parked"]
    assert bench.there() == "cancelled"
    bench.resolve("mine")
    bench.run(10)
    assert bench.there() == "ondelivery"


def test_a_foreign_step_that_is_behind_gives_way_to_ours(bench: Bench) -> None:
    bench.foreign(EDITED)
    bench.move(ACCEPTED)
    bench.run(10)
    assert bench.there() == "accepted"
    assert bench.states() == CONFIRMED


def test_a_foreign_step_ahead_of_an_unsent_one_is_not_overwritten(bench: Bench) -> None:
    bench.shop.fault = only("", DOWN)
    bench.move(ACCEPTED, COOKING, ONDELIVERY)
    bench.run(5)
    bench.shop.fault = None
    bench.foreign(COOKING)
    bench.run(120)
    assert [status for _, status in bench.shop.saved] == ["ondelivery"]
    assert bench.sync() == "synced"


# -- settle, late writes -------------------------------------------------------------------------------


def test_an_active_order_is_watched_every_half_minute_or_so(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED)
    bench.run(130)
    before = bench.shop.count("read")
    bench.run(600)
    assert 600 / 36 - 1 <= bench.shop.count("read") - before <= 600 / 24 + 1


def test_a_finished_order_leaves_the_watch_only_after_two_minutes(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED, COOKING, ONDELIVERY, DELIVERED)
    wrote = bench.shop.asked[-1][0]
    bench.run(600)
    last = [entry[0] for entry in bench.shop.asked if entry[1] == "read"][-1]
    assert timedelta(seconds=120) <= last - wrote <= timedelta(seconds=160)


def test_a_settle_read_that_fails_does_not_end_the_watch(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED, COOKING, ONDELIVERY, DELIVERED)
    bench.shop.fault = only("read", CUT)
    bench.run(400)
    bench.shop.fault = None
    bench.foreign(COOKING)
    bench.run(120)
    assert bench.sync() != "synced" or bench.there() == "delivered"


def test_a_late_write_is_answered_twice_then_a_person_is_asked(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED, COOKING)
    for _ in range(2):
        bench.foreign(ACCEPTED)
        bench.run(40)
        assert bench.there() == "cooking"
    bench.foreign(ACCEPTED)
    bench.run(40)
    assert bench.there() == "accepted"
    assert bench.sync() == "conflict"
    assert bench.sent() == ["accepted", "cooking", "cooking", "cooking"]


def test_a_shop_that_takes_a_value_back_asks_a_person(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED)
    bench.foreign(CREATED)
    bench.run(40)
    assert bench.sync() == "conflict"
    assert "went back" in bench.detail().row.sync_reason
    assert bench.sent() == ["accepted"]


def test_the_watch_survives_a_crash_right_after_sending(bench: Bench) -> None:
    bench.hold = lambda dispatch: dispatch.request.method == "PUT"
    bench.move(CANCELLED)
    bench.run(1)
    bench.hold = None
    bench.restart()
    bench.run(5)
    assert bench.states() == CONFIRMED
    assert bench.view().settle_at is not None
    bench.run(300)
    assert bench.view().watch_at is None


# -- refusals ------------------------------------------------------------------------------------------


def test_a_refusal_is_replayed_once_within_ten_seconds_then_a_person_is_asked(bench: Bench) -> None:
    bench.shop.fault = only("write", refused("the kitchen is closed"))
    bench.move(ACCEPTED)
    bench.run(10)
    assert bench.sent() == ["accepted", "accepted"]
    assert bench.states() == ["parked"]
    assert "the kitchen is closed" in bench.detail().row.sync_reason
    bench.run(600)
    assert bench.sent() == ["accepted", "accepted"]


@pytest.mark.parametrize("status", [400, 422, 409])
def test_a_status_that_refuses_is_a_refusal(bench: Bench, status: int) -> None:
    bench.shop.fault = only("write", said({"error": "no"}, status))
    bench.move(ACCEPTED)
    bench.run(10)
    assert bench.states() == ["parked"]


def test_a_refused_order_delays_no_other(make_bench: MakeBench) -> None:
    bench = make_bench(5)
    bench.shop.fault = only("write", refused(), order=bench.shop.ids[2])
    for number in range(1, 6):
        bench.move(ACCEPTED, COOKING, number=number)
    bench.run(10)
    assert [bench.there(number) for number in range(1, 6)] == [
        "cooking", "cooking", "created", "cooking", "cooking",
    ]  # fmt: skip
    assert bench.states(3) == ["parked", "parked"]


def test_mine_sends_what_was_refused_again_step_by_step(bench: Bench) -> None:
    bench.shop.fault = only("write", refused(), times=2)
    bench.move(ACCEPTED, COOKING)
    bench.run(10)
    bench.move(ONDELIVERY)
    assert bench.states() == ["parked"] * 3
    bench.resolve("mine")
    bench.run(10)
    assert bench.sent()[2:] == ["accepted", "cooking", "ondelivery"]
    assert bench.states() == ["confirmed"] * 3


def test_theirs_gives_up_what_was_refused(bench: Bench) -> None:
    bench.shop.fault = only("write", refused())
    bench.move(ACCEPTED, COOKING)
    bench.run(10)
    bench.resolve("theirs")
    assert (bench.status(), bench.sync()) == ("created", "synced")
    bench.run(60)
    assert bench.sent() == ["accepted", "accepted"]


def test_a_refused_row_is_confirmed_when_the_shop_comes_to_it(bench: Bench) -> None:
    bench.shop.fault = only("write", refused(), times=2)
    bench.move(ACCEPTED, COOKING)
    bench.run(10)
    bench.foreign(ACCEPTED)
    bench.run(60)
    assert bench.states() == ["confirmed"] * 2
    assert bench.there() == "cooking"


def test_retry_of_any_row_sends_all_of_the_order(bench: Bench) -> None:
    bench.shop.fault = only("write", refused(), times=2)
    bench.move(ACCEPTED, COOKING)
    bench.run(10)
    bench.retry()
    bench.run(10)
    assert bench.states() == ["confirmed"] * 2


def test_a_conflict_is_not_retried(bench: Bench) -> None:
    take_as_far_as(bench, ACCEPTED, COOKING)
    bench.foreign(CANCELLED)
    bench.run(40)
    bench.move(ONDELIVERY)
    with pytest.raises(RefusedError):
        bench.retry()


# -- gone ----------------------------------------------------------------------------------------------


def test_an_order_is_gone_when_it_is_missing_twice_a_minute_apart(make_bench: MakeBench) -> None:
    bench = make_bench(2)
    bench.move(ACCEPTED)
    bench.run(1)
    removed = bench.shop.orders.pop(bench.shop.ids[0])
    bench.move(COOKING)
    bench.run(55)
    assert bench.sync() == "pending"
    bench.run(45)
    assert bench.states()[-1] == "dead"
    bench.shop.orders[bench.shop.ids[0]] = removed
    bench.resolve("mine")
    bench.run(10)
    assert bench.there() == "cooking"


def test_an_order_that_was_missing_once_goes_on(bench: Bench) -> None:
    bench.run(9)
    bench.shop.fault = only("read", GONE, times=1)
    bench.move(ACCEPTED)
    bench.run(120)
    assert bench.states() == CONFIRMED


def test_a_dead_order_that_is_listed_again_goes_on(bench: Bench) -> None:
    bench.run(9)
    removed = bench.shop.orders.pop(bench.shop.ids[0])
    bench.move(ACCEPTED)
    bench.run(150)
    bench.move(COOKING)
    assert bench.states() == ["dead", "parked"]
    bench.shop.orders[bench.shop.ids[0]] = removed
    bench.run(30)
    assert bench.states() == ["confirmed"] * 2
    assert bench.there() == "cooking"


def test_a_dead_order_counts_as_cancelled_when_a_person_gives_it_up(bench: Bench) -> None:
    bench.shop.orders.clear()
    bench.move(ACCEPTED)
    bench.run(150)
    bench.resolve("theirs")
    assert (bench.status(), bench.sync()) == ("cancelled", "synced")


def test_when_all_orders_are_gone_the_address_is_at_fault(make_bench: MakeBench) -> None:
    bench = make_bench(5)
    for number in range(1, 6):
        bench.move(ACCEPTED, number=number)
    bench.run(1)
    kept = dict(bench.shop.orders)
    bench.shop.orders.clear()
    for number in range(1, 4):
        bench.move(COOKING, number=number)
    bench.run(400)
    assert [bench.sync(number) for number in range(1, 6)] == ["pending"] * 3 + ["synced"] * 2
    trouble = bench.store.one("SELECT trouble, detail FROM remotes")
    assert trouble is not None
    assert "address" in trouble[1]
    bench.shop.orders.update(kept)
    bench.run(130)
    assert [bench.there(number) for number in range(1, 6)] == ["cooking"] * 3 + ["accepted"] * 2
    assert bench.store.one("SELECT trouble FROM remotes") == ("",)


def test_a_write_that_is_not_found_though_the_order_is_there_asks_a_person(make_bench: MakeBench) -> None:
    bench = make_bench(3)
    bench.shop.fault = only("write", GONE)
    bench.move(ACCEPTED)
    bench.run(200)
    assert bench.states() == ["parked"]


# -- lists ---------------------------------------------------------------------------------------------


def test_a_list_that_is_empty_deletes_nothing(make_bench: MakeBench) -> None:
    bench = make_bench(4)
    before = bench.shop.count("read")
    bench.shop.fault = only("list", said({"orders": []}), times=1)
    bench.run(11)
    assert bench.shop.count("read") - before == 4
    assert [bench.status(number) for number in range(1, 5)] == ["created"] * 4


def test_an_order_that_vanished_from_the_list_is_read_by_its_id(make_bench: MakeBench) -> None:
    bench = make_bench(3)
    bench.foreign(CANCELLED, number=2)
    bench.run(11)
    assert [bench.status(number) for number in range(1, 4)] == ["created", "cancelled", "created"]


def test_a_bad_row_is_kept_aside_and_the_rest_is_stored(make_bench: MakeBench) -> None:
    bench = make_bench(3)
    broken = dict(bench.shop.orders[bench.shop.ids[0]], id="5f0c00", price="NaN", status=17)
    bench.shop.orders["5f0c00"] = broken
    new = dict(bench.shop.orders[bench.shop.ids[1]], id="5f0c01")
    bench.shop.fault = only("list", said({"orders": [broken, new]}), times=1)
    bench.run(11)
    assert bench.store.one("SELECT count(*) FROM orders") == (4,)
    assert bench.store.one("SELECT count(*) FROM quarantine") == (1,)
