"""Trouble of a whole host: what pauses it, what a person's wish looks past, and what ends it."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from posapp.remote.api import NoReply, Trouble
from posapp.services import remotes
from posapp.sync.policy import Host
from tests.unit.sync.bench import CUT, DOWN, FORBIDDEN, PORTAL, Bench, only, said
from tests.unit.sync.conftest import MakeBench
from tests.unit.sync.views import ACCEPTED, COOKING

WRONG_KEY = said({"error": "unknown key"}, 401)


def trouble(bench: Bench) -> str:
    row = bench.store.one("SELECT trouble FROM remotes")
    return "" if row is None else str(row[0])


def gaps(bench: Bench, since: int = 0) -> list[float]:
    """Return the seconds between one group of requests and the next."""
    times = sorted({entry[0] for entry in bench.shop.asked[since:]})
    return [(after - before).total_seconds() for before, after in itertools.pairwise(times)]


def test_a_portal_is_looked_at_within_two_seconds_then_ever_more_rarely(make_bench: MakeBench) -> None:
    bench = make_bench(20)
    bench.shop.fault = only("", PORTAL)
    bench.move(ACCEPTED)
    bench.run(11)
    start = next(number for number, entry in enumerate(bench.shop.asked) if entry[0] > bench.shop.asked[0][0])
    bench.run(600)
    waits = gaps(bench, start)
    assert waits[0] <= 2
    assert all(wait <= 61 for wait in waits)
    assert waits[-1] > 30
    assert trouble(bench) == "portal"
    assert bench.status() == "accepted"


def test_several_answers_of_one_portal_count_as_one(make_bench: MakeBench) -> None:
    bench = make_bench(20)
    bench.run(9)
    for number in range(1, 21):
        bench.move(ACCEPTED, number=number)
    bench.shop.fault = only("", PORTAL)
    bench.run(0)
    assert bench.lane.host.probes == 1
    bench.shop.fault = None
    bench.run(2)
    assert {bench.there(number) for number in range(1, 21)} == {"accepted"}


def test_after_a_portal_the_list_and_one_read_try_first(make_bench: MakeBench) -> None:
    bench = make_bench(20)
    bench.run(9)
    for number in range(1, 21):
        bench.move(ACCEPTED, number=number)
    bench.shop.fault = only("", PORTAL)
    bench.run(0)
    before = len(bench.shop.asked)
    bench.run(1.5)
    assert [entry[1] for entry in bench.shop.asked[before:]] == ["list", "read"]


def test_a_portal_is_never_read_as_no_orders(make_bench: MakeBench) -> None:
    bench = make_bench(3)
    bench.shop.fault = only("list", said({"nothing": []}))
    bench.run(60)
    assert trouble(bench) == "portal"
    assert bench.shop.count("read") == 0


def test_throttling_is_honoured_by_everything_even_by_a_kick(make_bench: MakeBench) -> None:
    bench = make_bench(9)
    bench.run(9)
    for number in range(1, 10):
        bench.move(ACCEPTED, number=number)
    bench.shop.fault = only("", said({}, 429, retry_after="30"), times=1)
    bench.run(0)
    bench.urgent = True
    bench.kick()
    before = len(bench.shop.asked)
    bench.run(29.9)
    assert len(bench.shop.asked) == before
    bench.run(5)
    assert {bench.there(number) for number in range(1, 10)} == {"accepted"}


@pytest.mark.parametrize("what", ["list", "write"])
def test_what_a_shop_asked_for_outlives_the_process(bench: Bench, what: str) -> None:
    bench.run(9)
    bench.move(ACCEPTED)
    bench.shop.fault = only(what, said({}, 429, retry_after="60"), times=1)
    bench.run(11 if what == "list" else 0)
    before = bench.shop.count()
    since = bench.shop.asked[-1][0]
    bench.restart()
    bench.urgent = True
    bench.kick()
    bench.run(45)
    assert bench.shop.count() == before
    bench.run(16)
    assert bench.shop.count() > before
    assert bench.shop.asked[before][0] == since + timedelta(seconds=60)
    assert bench.there() == "accepted"


def test_good_and_bad_answers_do_not_forget_what_a_shop_asked_for(bench: Bench) -> None:
    bench.shop.fault = only("", said({}, 429, retry_after="60"), times=1)
    bench.kick()
    bench.run(0)
    before = bench.shop.count()
    # What was under way when the shop said so.
    remotes.note_ok(bench.store, "alma", pulled=True)
    remotes.note_trouble(bench.store, "alma", "portal", "A page.")
    bench.restart()
    bench.run(50)
    assert bench.shop.count() == before


@pytest.mark.parametrize("back", [timedelta(minutes=20), timedelta(days=365)])
def test_a_pause_that_the_clock_put_far_off_holds_up_no_start(bench: Bench, back: timedelta) -> None:
    bench.shop.fault = only("", said({}, 429, retry_after="60"), times=1)
    bench.run(11)
    before = bench.shop.count()
    bench.clock.now -= back
    bench.restart()
    bench.run(1)
    assert bench.shop.count() > before


def test_a_clock_put_back_moves_what_the_next_process_honours(bench: Bench) -> None:
    bench.shop.fault = only("", said({}, 429, retry_after="60"), times=1)
    bench.kick()
    bench.run(0)
    before = bench.shop.count()
    bench.clock.now -= timedelta(hours=1)
    bench.run(20)
    bench.restart()
    bench.run(35)
    assert bench.shop.count() == before
    bench.run(10)
    assert bench.shop.count() > before


def test_a_throttled_try_is_no_attempt(bench: Bench) -> None:
    bench.shop.fault = only("write", said({}, 429, retry_after="3"), times=2)
    bench.move(ACCEPTED)
    bench.run(5)
    assert [row.attempts for row in bench.rows()] == [0]
    bench.run(30)
    assert [(row.attempts, str(row.state)) for row in bench.rows()] == [(1, "confirmed")]


def test_a_503_with_retry_after_pauses_the_host(bench: Bench) -> None:
    bench.shop.fault = only("list", said({}, 503, retry_after="40"), times=1)
    bench.run(11)
    before = len(bench.shop.asked)
    bench.move(ACCEPTED)
    bench.run(38)
    assert len(bench.shop.asked) == before


def test_a_wrong_key_pauses_the_host_and_nothing_is_lost(make_bench: MakeBench) -> None:
    bench = make_bench(12)
    bench.run(9)
    bench.shop.fault = only("", WRONG_KEY)
    for number in range(1, 13):
        bench.move(ACCEPTED, number=number)
    bench.run(60)
    assert bench.lane.needs_sign_in
    assert trouble(bench) == "sign_in"
    assert bench.shop.count() <= 25
    bench.shop.fault = None
    bench.restart()  # as after a new key
    bench.run(5)
    assert {bench.there(number) for number in range(1, 13)} == {"accepted"}
    assert trouble(bench) == ""


@pytest.mark.parametrize("kicks", [1, 3])
def test_a_key_without_the_right_is_not_taken_for_many_refused_orders(
    make_bench: MakeBench, kicks: int
) -> None:
    bench = make_bench(12)
    bench.run(9)
    bench.shop.fault = only("", FORBIDDEN)
    for number in range(1, 13):
        bench.move(ACCEPTED, number=number)
    for _ in range(kicks):
        bench.restart()
        bench.kick()
        bench.run(3)
        bench.kick()
        bench.run(3)
    assert bench.lane.needs_sign_in
    assert {bench.sync(number) for number in range(1, 13)} == {"pending"}
    bench.shop.fault = None
    bench.restart()
    bench.run(70)
    assert {bench.there(number) for number in range(1, 13)} == {"accepted"}


@pytest.mark.parametrize("what", ["read", "write"])
def test_one_forbidden_order_is_for_a_person_and_delays_no_other(make_bench: MakeBench, what: str) -> None:
    bench = make_bench(4)
    for number in range(1, 5):
        bench.move(ACCEPTED, number=number)
    bench.run(9)
    bench.shop.fault = only(what, FORBIDDEN, order=bench.shop.ids[1])
    for number in range(1, 5):
        bench.move(COOKING, number=number)
    bench.run(15)
    assert [bench.there(number) for number in (1, 3, 4)] == ["cooking"] * 3
    assert bench.states(2) == ["confirmed", "parked"]
    assert not bench.lane.needs_sign_in


def test_a_bad_certificate_pauses_the_host(bench: Bench) -> None:
    bench.shop.fault = only("", NoReply(Trouble.CERTIFICATE, "The certificate has expired: check the clock."))
    bench.move(ACCEPTED)
    bench.run(55)
    assert bench.shop.count() <= 4
    assert trouble(bench) == "certificate"
    assert bench.states() == ["pending"]


def test_the_breaker_opens_after_five_failures_and_a_read_closes_it(make_bench: MakeBench) -> None:
    bench = make_bench(9)
    bench.run(9)
    bench.shop.fault = only("", DOWN)
    for number in range(1, 10):
        bench.move(ACCEPTED, number=number)
    bench.run(120)
    assert bench.lane.host.failures >= 5
    assert bench.lane.host.breaker_until is not None
    in_trouble = bench.shop.count()
    assert in_trouble < 120
    bench.shop.fault = None
    bench.run(70)
    after = [entry[1] for entry in bench.shop.asked[in_trouble:]]
    assert after[0] in {"read", "list"}
    bench.run(70)
    assert {bench.there(number) for number in range(1, 10)} == {"accepted"}


def test_a_host_in_trouble_proves_itself_with_a_read_before_anything_is_written(bench: Bench) -> None:
    bench.lane.host = Host(failures=5)
    bench.move(ACCEPTED)  # the list that came a moment ago would do as a read
    bench.run(0)
    assert [entry[1] for entry in bench.shop.asked[-2:]] == ["read", "write"]


def test_an_hour_without_network_is_no_busy_loop_and_nothing_is_lost(make_bench: MakeBench) -> None:
    bench = make_bench(30)
    bench.run(9)
    bench.shop.fault = only("", DOWN)
    for number in range(1, 31):
        bench.move(ACCEPTED, COOKING, number=number)
    before = bench.shop.count()
    bench.run(3600)
    assert bench.shop.count() - before < 600
    assert bench.states() == ["pending"] * 2
    bench.shop.fault = None
    bench.run(400)
    assert {bench.there(number) for number in range(1, 31)} == {"cooking"}


def test_a_kick_tries_once_at_once_and_then_waits_again(make_bench: MakeBench) -> None:
    bench = make_bench(5)
    bench.run(9)
    bench.shop.fault = only("", DOWN)
    for number in range(1, 6):
        bench.move(ACCEPTED, number=number)
    bench.run(200)
    before = bench.shop.count()
    bench.urgent = True
    bench.kick()
    bench.run(0)
    assert bench.shop.count() - before == 6
    bench.run(10)
    assert bench.shop.count() - before < 120


def test_a_kick_reads_every_watched_order_once(make_bench: MakeBench) -> None:
    bench = make_bench(4)
    for number in range(1, 5):
        bench.move(ACCEPTED, number=number)
    bench.run(3)
    before = bench.shop.count("read")
    kick = bench.kick()
    bench.run(0)
    assert bench.lane.kick_done(kick)
    assert bench.shop.count("read") - before == 4


def test_a_broken_list_does_not_keep_changes_from_going_out(bench: Bench) -> None:
    bench.shop.fault = only("list", CUT)
    bench.run(300)
    bench.move(ACCEPTED)
    bench.run(60)
    assert bench.there() == "accepted"


def test_a_list_that_cannot_be_read_is_asked_for_ever_more_rarely(bench: Bench) -> None:
    bench.shop.fault = only("list", said([]))
    before = bench.shop.count("list")
    bench.run(600)
    assert bench.shop.count("list") - before < 60


def test_an_order_that_cannot_be_read_is_asked_for_ever_more_rarely(bench: Bench) -> None:
    bench.move(ACCEPTED)
    bench.run(9)
    bench.shop.fault = only("read", said([]))
    bench.move(COOKING)
    before = bench.shop.count("read")
    bench.run(600)
    assert bench.shop.count("read") - before < 60
    assert bench.states() == ["confirmed", "pending"]


# -- the clock -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [1, 24 * 365])
def test_sending_goes_on_when_the_clock_goes_back(bench: Bench, hours: int) -> None:
    bench.move(ACCEPTED)
    bench.run(1)
    bench.move(COOKING)
    bench.shop.fault = only("write", CUT, times=1)
    bench.run(0)
    bench.clock.now -= timedelta(hours=hours)
    bench.run(10)
    assert bench.there() == "cooking"
    assert set(bench.states()) == {"confirmed"}


def test_new_orders_come_in_when_the_clock_goes_back(bench: Bench) -> None:
    bench.kick()
    bench.run(15)
    bench.clock.now -= timedelta(hours=1)
    before = bench.shop.count("list")
    bench.run(60)
    assert 5 <= bench.shop.count("list") - before <= 8


def test_a_clock_that_goes_back_forgets_no_retry_after(bench: Bench) -> None:
    bench.shop.fault = only("", said({}, 429, retry_after="60"), times=1)
    bench.run(11)
    before = bench.shop.count()
    bench.clock.now -= timedelta(hours=1)
    bench.run(40)
    assert bench.shop.count() == before
    bench.run(30)
    assert bench.shop.count() > before


def test_a_watched_order_is_still_watched_when_the_clock_goes_back(bench: Bench) -> None:
    bench.move(ACCEPTED)
    bench.run(40)
    bench.clock.now -= timedelta(hours=1)
    before = bench.shop.count("read")
    bench.run(120)
    assert 3 <= bench.shop.count("read") - before <= 8


def test_an_order_missing_before_the_clock_went_back_is_no_busy_loop(make_bench: MakeBench) -> None:
    bench = make_bench(3)
    bench.run(9)
    bench.shop.orders.pop(bench.shop.ids[0])
    bench.move(ACCEPTED)
    bench.run(3)
    bench.clock.now -= timedelta(hours=1)
    bench.run(130)
    assert bench.states() == ["dead"]


# -- faults of our own ---------------------------------------------------------------------------------


@pytest.mark.expects_log("could not be dealt with")
def test_an_order_that_makes_us_fail_delays_no_other(make_bench: MakeBench) -> None:
    bench = make_bench(3)
    with bench.store.write() as tx:
        tx.execute("UPDATE orders SET remote_id = '../x' WHERE pk = 1")
    for number in range(1, 4):
        bench.move(ACCEPTED, number=number)
    bench.run(120)
    assert [bench.there(number) for number in (2, 3)] == ["accepted"] * 2


def test_what_a_person_asks_for_is_sent_at_once_and_not_only_read(bench: Bench) -> None:
    bench.move(ACCEPTED)
    bench.run(9)
    bench.shop.fault = only("", DOWN)
    bench.move(COOKING)
    bench.run(300)
    bench.shop.fault = None
    with bench.store.write() as tx:
        tx.execute("UPDATE outbox SET not_before = not_before + 50000000")
    bench.kick()
    bench.run(0)
    assert bench.there() == "cooking"
