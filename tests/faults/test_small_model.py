"""Services and storage against a model of a few lines: any sequence of acts leaves what the model says.

POSAPP_MODEL_RUNS is how many sequences of 30 acts are tried.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from posapp.domain.errors import RefusedError
from posapp.domain.status import Kind, Status, allowed_moves
from posapp.services import conflicts, edits, orders
from posapp.services.intake import Source, take_in
from posapp.storage.checks import count_problems, integrity_problems
from posapp.storage.database import open_store
from tests.faults.recording import room
from tests.support.shop_orders import (
    ANNA,
    Clock,
    Ids,
    make_store,
    order_fact,
    remote_order,
    rows_of,
    set_rows,
)

RUNS = int(os.environ.get("POSAPP_MODEL_RUNS", "100"))
ZONE = ZoneInfo("Asia/Kathmandu")
STAFF = Source("kathmandu", "staff", "NPR")
PKS = (1, 2)
PHONES = ("9800000001", "9800000002", "9800000003")


class Model:
    """An order as the model has it."""

    def __init__(self) -> None:
        self.status = Status.CREATED
        self.phone = "1234567"
        self.there = "1234567"  # what the shop showed last
        self.comment = ""
        self.steps: list[Status] = []  # what a person's steps began from, the last at the end
        self.saves: list[tuple[str, str]] = []  # phones: before, after


class Shop(RuleBasedStateMachine):
    """Two orders of a staff shop, and people who do to them what comes to their mind."""

    folder: Path

    @initialize()
    def begin(self) -> None:
        data = self.folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.folder / "template", data)
        self.clock = Clock()
        self.store = open_store(data, clock=self.clock, new_id=Ids())
        self.orders = {pk: Model() for pk in PKS}
        self.queued = dict.fromkeys(PKS, 0)
        self.come_in(1)
        self.come_in(2)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            assert integrity_problems(self.store) + count_problems(self.store) == []
            self.store.close_thread()

    def come_in(self, pk: int) -> None:
        model = self.orders[pk]
        listed = remote_order(
            str(pk),
            code=f"c{pk}",
            phone=model.there,
            comment=model.comment,
            home="",
            raw=f"{model.there}{model.comment}",
        )
        assert take_in(self.store, STAFF, [listed], "counter-1").seen[0][0] == pk

    def open_rows(self, pk: int) -> list[Any]:
        return [row for row in rows_of(self.store, pk) if row[3] not in {"confirmed", "superseded"}]

    @rule(pk=st.sampled_from(PKS), wanted=st.sampled_from(Status))
    def move(self, pk: int, wanted: Status) -> None:
        model = self.orders[pk]
        allowed = wanted in allowed_moves(model.status, Kind.DELIVERY)
        if allowed:
            orders.move(self.store, pk, wanted, ANNA)
            model.steps.append(model.status)
            model.status = wanted
        elif wanted is not model.status:
            with pytest.raises(RefusedError):
                orders.move(self.store, pk, wanted, ANNA)

    @rule(pk=st.sampled_from(PKS))
    def undo(self, pk: int) -> None:
        model = self.orders[pk]
        if model.steps:
            assert orders.undo(self.store, pk, ANNA).after is model.steps[-1]
            model.status = model.steps.pop()
        else:
            with pytest.raises(RefusedError):
                orders.undo(self.store, pk, ANNA)

    @rule(pk=st.sampled_from(PKS), phone=st.sampled_from(PHONES))
    def edit(self, pk: int, phone: str) -> None:
        model = self.orders[pk]
        saved = edits.save(self.store, pk, {"phone": phone}, ANNA, ZONE)
        assert bool(saved.fields) is (phone != model.phone)
        if saved.fields:
            model.saves.append((model.phone, phone))
            model.phone = phone

    @rule(pk=st.sampled_from(PKS))
    def undo_edit(self, pk: int) -> None:
        model = self.orders[pk]
        if model.saves and model.saves[-1][1] == model.phone:
            edits.undo_save(self.store, pk, ANNA)
            model.phone = model.saves.pop()[0]
        else:
            with pytest.raises(RefusedError):
                edits.undo_save(self.store, pk, ANNA)

    @rule(pk=st.sampled_from(PKS), comment=st.sampled_from(["", "no onions", "ring twice"]))
    def shop_changes_the_comment(self, pk: int, comment: str) -> None:
        self.orders[pk].comment = comment
        self.come_in(pk)

    @precondition(lambda self: any(self.open_rows(pk) for pk in PKS))
    @rule()
    def refuse(self) -> None:
        pk = next(pk for pk in PKS if self.open_rows(pk))
        set_rows(self.store, pk, "parked", last_class="refused", last_error="No.")
        assert order_fact(self.store, pk, "sync") == "failed"

    @precondition(lambda self: self.blocked())
    @rule(again=st.booleans())
    def send_again(self, again: bool) -> None:
        pk = self.blocked()[0]
        if again:
            name = self.store.all("SELECT id FROM outbox WHERE state = 'parked' AND order_pk = ?", (pk,))[0][
                0
            ]
            conflicts.retry(self.store, [name], ANNA)
        else:
            assert conflicts.resolve(self.store, pk, "mine", ANNA) is self.orders[pk].status
            self.orders[pk].steps.clear()  # a decision is no step that undo takes back
        assert {row[3] for row in self.open_rows(pk)} == {"pending"}

    @precondition(lambda self: self.blocked())
    @rule(discard=st.booleans())
    def give_up(self, discard: bool) -> None:
        pk = self.blocked()[0]
        model = self.orders[pk]
        rows = rows_of(self.store, pk, "kind, state, last_class")
        # What only waits behind a refused change is not what a person is asked about.
        asked = {kind for kind, state, said in rows if (state, said) == ("parked", "refused")}
        if discard:
            name = self.store.all("SELECT id FROM outbox WHERE state = 'parked' AND order_pk = ?", (pk,))[0][
                0
            ]
            conflicts.discard(self.store, [name], "not wanted", ANNA)
        else:
            conflicts.resolve(self.store, pk, "theirs", ANNA)
            model.steps.clear()
        if "status" in asked:
            model.status = Status.CREATED
            model.steps.clear()
        if "fields" in asked:
            model.phone = model.there

    def blocked(self) -> list[int]:
        return [pk for pk in PKS if any(row[3] == "parked" for row in self.open_rows(pk))]

    @invariant()
    def the_database_is_what_the_model_says(self) -> None:
        for pk, model in getattr(self, "orders", {}).items():
            assert order_fact(self.store, pk, "status") == model.status
            assert order_fact(self.store, pk, "phone") == model.phone
            assert order_fact(self.store, pk, "comment") == model.comment
            rows = self.open_rows(pk)
            sync = order_fact(self.store, pk, "sync")
            parked = any(row[3] == "parked" for row in rows)
            assert sync == ("failed" if parked else "pending" if rows else "synced")
            # What waits leads from what the shop has to what is here.
            steps = [row for row in rows if row[0] == "status"]
            assert (steps[-1][1] if steps else Status.CREATED) == model.status

    @invariant()
    def no_change_is_gone(self) -> None:
        for pk in getattr(self, "orders", {}):
            count = len(rows_of(self.store, pk))
            assert count >= self.queued[pk]
            self.queued[pk] = count


@pytest.mark.timeout(60 + RUNS)
def test_any_sequence_of_acts_leaves_what_the_model_says() -> None:
    chosen = settings(
        max_examples=RUNS,
        stateful_step_count=30,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    with room() as Shop.folder:
        make_store(Shop.folder / "template", Clock()).close_thread()
        run_state_machine_as_test(Shop, settings=chosen)
