"""Whole days at random: people, the network and somebody else at the shop do what they like."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from posapp.domain.errors import RefusedError
from posapp.domain.status import FINAL, Kind, Status, allowed_moves
from posapp.remote.api import Answer, Request
from tests.unit.sync.bench import CUT, DOWN, PORTAL, Bench, refused, said

ORDERS = 3
EXAMPLES = int(os.environ.get("POSAPP_SCHEDULES", "60"))

numbers = st.integers(1, ORDERS)
acts = st.one_of(
    st.tuples(st.just("move"), numbers, st.integers(0, 3)),
    st.tuples(st.just("move"), numbers, st.integers(0, 0)),
    st.tuples(st.just("undo"), numbers, st.just(0)),
    st.tuples(st.just("foreign"), numbers, st.integers(0, 7)),
    st.tuples(st.just("resolve"), numbers, st.integers(0, 1)),
    st.tuples(st.just("wait"), st.just(0), st.sampled_from([0, 1, 6, 15, 40, 130])),
    st.tuples(st.just("crash"), st.just(0), st.just(0)),
    st.tuples(st.just("kick"), st.just(0), st.just(0)),
)
faults = st.sampled_from(
    ["", "", "", "", "down", "cut", "arrived", "late", "500", "429", "portal", "refused"]
)


class Trouble:
    """Draws what goes wrong, request by request; the lists at the end of the drawing are without trouble."""

    def __init__(self, bench: Bench, drawn: list[str]) -> None:
        self._bench = bench
        self._drawn = drawn

    def __call__(self, request: Request) -> Answer | None:
        kind = self._drawn.pop() if self._drawn else ""
        answers: dict[str, Answer] = {"down": DOWN, "cut": CUT, "500": said({}, 500), "portal": PORTAL}
        if kind in answers:
            return answers[kind]
        if kind == "429":
            return said({}, 429, retry_after="4")
        if request.method != "PUT":
            return None
        return self._write(kind, request)

    def _write(self, kind: str, request: Request) -> Answer | None:
        shop = self._bench.shop
        remote_id = request.path.rpartition("/")[2].removesuffix(".json")
        status = shop.asked[-1][3]
        if kind == "refused":
            return refused()
        if kind == "arrived":
            shop.process("write", remote_id, status)
            return CUT
        if kind == "late":
            shop.late.append((self._bench.now + timedelta(seconds=45), remote_id, status))
            return CUT
        return None


def act(bench: Bench, kind: str, number: int, value: int) -> None:
    try:
        if kind == "move":
            row = bench.detail(number).row
            moves = allowed_moves(Status(row.status), Kind(row.kind))
            if moves:
                bench.move(moves[value % len(moves)], number=number, hold=value == 3)
        elif kind == "undo":
            bench.undo(number)
        elif kind == "foreign" and (bench.there(number) not in FINAL or bench.view(number).watch_at):
            # Nobody watches what is finished for ever.
            bench.foreign(list(Status)[value], number)
        elif kind == "resolve":
            bench.resolve(["mine", "theirs"][value], number)
    except RefusedError:
        return
    if kind == "wait":
        bench.run(value)
    elif kind == "crash":
        bench.restart()
    elif kind == "kick":
        bench.kick()


@pytest.mark.timeout(60 + EXAMPLES)
@given(
    st.lists(acts, min_size=1, max_size=25),
    st.lists(faults, max_size=60),
    st.sampled_from(["milestones", "all", "last"]),
)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
def test_after_the_trouble_the_shop_shows_what_we_show_or_a_person_is_asked(
    drawn: list[tuple[str, int, int]], trouble: list[str], mode: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), ORDERS, collapse=mode)
        try:
            bench.run()
            bench.shop.fault = Trouble(bench, list(trouble))
            for kind, number, value in drawn:
                act(bench, kind, number, value)
                bench.run(0.2)
            bench.shop.fault = None
            bench.run(400)
            for number in range(1, ORDERS + 1):
                note(f"{number}: {bench.status(number)} / {bench.there(number)} {bench.states(number)}")
                for row in bench.rows(number):
                    note(f"   {row.kind} {row.base}->{row.target} {row.state} {row.reason} {row.last_error}")
                check(bench, number)
        finally:
            bench.store.close_thread()


def check(bench: Bench, number: int) -> None:
    sync = bench.sync(number)
    assert sync in {"synced", "conflict", "failed"}, "nothing waits for ever"
    if sync == "synced":
        assert bench.status(number) == bench.there(number), "a silent difference"
        assert set(bench.states(number)) <= {"confirmed", "superseded"}
    for row in bench.rows(number):
        if row.state == "confirmed":
            assert (bench.shop.ids[number - 1], row.target) in bench.shop.had, "confirmed without its word"
    sent = bench.sent(number)
    firsts = [row.target for row in bench.rows(number) if row.state == "confirmed" and row.attempts]
    assert is_within(firsts, sent), "what was sent came in the order in which it was made"


def is_within(wanted: list[str], sent: list[str]) -> bool:
    left = iter(sent)
    return all(status in left for status in wanted)
