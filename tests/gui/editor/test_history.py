"""The history of an edited order: one time line of what people did, what was sent, and what came back."""

from __future__ import annotations

from typing import Any

from posapp.domain.who import SYNC_ACTOR, Who
from posapp.services.edits import undo_save
from posapp.storage.fields import to_us
from posapp.storage.store import Store
from posapp.ui.eventwords import history
from tests.gui.editor import scene
from tests.gui.editor.conftest import Editing

SYNC = Who(SYNC_ACTOR, "counter-1")


def told(editing: Editing, pk: int) -> list[str]:
    lines = history(editing.detail(pk), editing.clock(), scene.ZONE)
    return [f"{line.at.astimezone(scene.ZONE):%H:%M} {line.text}" for line in reversed(lines)][1:]


def note(store: Store, pk: int, kind: str, **params: str) -> None:
    with store.write("sync") as tx:
        tx.event(pk, kind, SYNC, params)


def sent(store: Store, pk: int, **more: Any) -> None:
    row = {"value": "", "fields": "", "verdict": "", "detail": ""} | more
    with store.write("sync") as tx:
        tx.execute(
            "INSERT INTO sent_log(order_pk, outbox_seq, value, sent_at, verdict, detail, fields) "
            "VALUES (?, 1, ?, ?, ?, ?, ?)",
            (pk, row["value"], to_us(tx.now), row["verdict"], row["detail"], row["fields"]),
        )


def test_an_edit_and_its_way_to_the_shop_are_told_in_order(editing: Editing) -> None:
    store, pass_time = editing.store, editing.clock.pass_time
    pk = scene.staff(store, phone="111")
    scene.meanwhile(store, pk, phone="222")
    pass_time(60)
    sent(store, pk, fields='["phone"]', verdict="unknown")
    pass_time(60)
    note(store, pk, "confirmed", fields="phone", how="found")
    sent(store, pk, value="cooking", verdict="unknown")
    pass_time(60)
    note(store, pk, "confirmed", to="cooking", how="found")
    note(store, pk, "conflict", fields="city, district")
    note(store, pk, "resolved", choice="fields", mine="city", theirs="district")
    note(store, pk, "reasserted", fields="city")
    note(store, pk, "superseded", fields="cart", reason="given up")
    note(store, pk, "updated", fields="customer_name, change")

    assert told(editing, pk) == [
        "19:39 Edited: phone “111” → “222”",
        "19:40 Sent phone: no answer",
        "19:41 Asked the shop: it has the edit: phone",
        "19:41 Sent “Cooking”: no answer",
        "19:42 Asked the shop: “Cooking”",
        "19:42 Changed here and, differently, at the shop: city, district",
        "19:42 Decided: ours: city · the shop's: district",
        "19:42 The edit is sent again, older values came back: city",
        "19:42 The edit need not be sent any more: lines",
        "19:42 The shop changed: name, cash that the customer gives",
    ]


def test_an_edit_that_a_shop_cannot_take_says_so(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    scene.meanwhile(editing.store, pk, name="Ram", city="Patan", comment="Bell")
    undo_save(editing.store, pk, scene.BERIK)
    words = told(editing, pk)

    assert "19:39 Edited: name, city, comment · kept here: this shop takes only statuses" in words
    assert "19:39 Edit undone: name, city, comment" in words
