"""The scripted day of both training shops, played by the real sync: what becomes of the staff's edits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from posapp.config_file import add_remote
from posapp.sandbox.acts import STAFF_ACTS
from posapp.sandbox.cast import OUTAGE_ENDS, TOUR
from posapp.sandbox.process import SandboxProcess
from posapp.sandbox.staff_acts import THAMEL_ACTS
from posapp.secrets import SecretStore
from posapp.services.edit_form import EditForm, read_form
from posapp.storage.database import open_store
from posapp.storage.details import find_order, queue_rows, sync_summary
from posapp.storage.queries import total_orders
from posapp.storage.store import Store
from posapp.tour import Day, ScriptClock
from posapp.training import remotes_of, secrets_of

START = datetime(2026, 3, 6, 14, 10, tzinfo=UTC)


class Shift:
    """The day after it was played, with what both sides have."""

    def __init__(self, shop: SandboxProcess, store: Store, day: Day) -> None:
        self.shop, self.store, self.day = shop, store, day

    def form(self, name: str) -> EditForm:
        return read_form(self.store, self.day.order(name))

    def there(self, name: str) -> Any:
        return next(order.fields for order in self.shop.state().staff_orders if order.name == name)

    def states(self, name: str) -> list[tuple[str, str]]:
        return [(row.what, row.state) for row in queue_rows(self.store, order_pk=self.day.order(name))]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shift]:
    folder: Path = tmp_path_factory.mktemp("shift")
    with SandboxProcess.start(1, 0, control=True, start=START) as shop:
        config = [add_remote(folder, remote) for remote in remotes_of(shop)][-1]
        clock = ScriptClock(START)
        store = open_store(folder, clock=clock)
        day = Day(shop, store, config, clock, SecretStore(folder / "keys", secrets_of(shop)))
        acts = sorted((*STAFF_ACTS, *THAMEL_ACTS), key=lambda act: act.at)
        day.play(tuple(act for act in acts if act.at < OUTAGE_ENDS))
        day.go_to(OUTAGE_ENDS)
        day.play(tuple(act for act in acts if act.at >= OUTAGE_ENDS))
        day.go_to(TOUR)
        yield Shift(shop, store, day)
        store.close_thread()


def test_edits_of_different_fields_in_the_outage_are_both_kept(played: Shift) -> None:
    values, there = played.form("bikash").values, played.there("bikash")
    for side in (values, there):
        assert (side["phone"], side["addressline"]) == ("9803 514 877", "Gate 3, ring twice")
    assert ("phone", "confirmed") in played.states("bikash")


def test_edits_of_the_same_field_in_the_outage_wait_for_a_person(played: Shift) -> None:
    form = played.form("ramesh")
    change = form.conflicts["street"]
    assert (change.base, change.ours, change.theirs) == (
        "लाजिम्पाट (Lazimpat) 18",
        "लाजिम्पाट (Lazimpat) 81",
        "महाराजगञ्ज (Maharajgunj) 5",
    )
    assert played.there("ramesh")["street"] == change.theirs


def test_a_district_that_is_not_served_is_refused_in_the_shops_words(played: Shift) -> None:
    form = played.form("sunita")
    assert form.refused == {"district": "District is not served by Mamma Pizza."}
    assert (form.values["district"], played.there("sunita")["district"]) == ("Nuwakot", "Kathmandu")


def test_both_shops_stand_as_the_day_left_them(played: Shift) -> None:
    pairs = {
        order.name: (order.fields["order_status"], order.fields["delivery_status"])
        for order in played.shop.state().staff_orders
    }
    assert pairs == {
        "pema": (2, 1),
        "bikash": (2, 0),
        "ramesh": (2, 0),
        "anjali": (2, 1),
        "sunita": (1, 0),
        "prakash": (0, 0),
    }
    summary = sync_summary(played.store)
    assert (summary.attention, [remote.trouble for remote in summary.remotes]) == (3, ["", ""])
    assert find_order(played.store, "2107") == played.day.order("sunita")
    assert total_orders(played.store) == 18 + 6
