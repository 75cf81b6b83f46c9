"""A jump that the shop refuses: the steps that were left out are sent after all, once."""

from __future__ import annotations

import json

from posapp.domain.status import Status, rank
from posapp.remote.api import Answer, Request
from tests.unit.sync.bench import DOWN, Bench, only, refused
from tests.unit.sync.conftest import MakeBench

STEPS = (Status.COOKING, Status.ONDELIVERY, Status.DELIVERED)


class Strict:
    """A shop that wants every step."""

    def __init__(self, bench: Bench, never: str = "") -> None:
        self._bench = bench
        self._never = never

    def __call__(self, request: Request) -> Answer | None:
        if request.method != "PUT":
            return None
        wanted = json.loads(request.body or b"")["order"]["status"]
        jump = rank(Status(wanted)) - rank(Status(self._bench.there()))
        return refused("one step at a time") if jump > 1 or wanted == self._never else None


def overtaken(make_bench: MakeBench) -> Bench:
    """Return a bench with an order whose steps were made while nothing could be sent."""
    bench = make_bench(collapse="last")
    bench.move(Status.ACCEPTED)
    bench.run(1)
    bench.shop.fault = only("", DOWN)
    bench.move(*STEPS)
    bench.run(30)
    assert bench.states() == ["confirmed", "superseded", "superseded", "pending"]
    return bench


def test_the_steps_that_were_left_out_are_sent_in_their_order(make_bench: MakeBench) -> None:
    bench = overtaken(make_bench)
    bench.shop.asked.clear()
    bench.shop.fault = Strict(bench)
    bench.run(90)
    assert bench.states() == ["confirmed"] * 4
    assert bench.sent() == ["delivered", "delivered", "cooking", "ondelivery", "delivered"]
    assert (bench.there(), bench.sync()) == ("delivered", "synced")
    assert "replayed" in [event.kind for event in bench.detail().events]


def test_what_is_refused_then_too_needs_a_person(make_bench: MakeBench) -> None:
    bench = overtaken(make_bench)
    bench.shop.asked.clear()
    bench.shop.fault = Strict(bench, never="delivered")
    bench.run(90)
    assert bench.states() == ["confirmed", "confirmed", "confirmed", "parked"]
    assert bench.sent() == ["delivered", "delivered", "cooking", "ondelivery", "delivered"]
    assert bench.sync() == "failed"


def test_a_refused_step_between_waits_for_a_person_with_what_is_behind_it(make_bench: MakeBench) -> None:
    bench = overtaken(make_bench)
    bench.shop.fault = Strict(bench, never="ondelivery")
    bench.run(90)
    assert bench.states() == ["confirmed", "confirmed", "parked", "parked"]


def test_where_nothing_was_left_out_nothing_is_sent_again(make_bench: MakeBench) -> None:
    bench = make_bench(collapse="last")
    bench.shop.fault = only("write", refused())
    bench.move(Status.ACCEPTED)
    bench.run(60)
    assert bench.states() == ["parked"]
    assert bench.sent() == ["accepted", "accepted"]
