"""The conflict desk: what differs, choosing with keys and mouse, the result, applying and taking back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.services.edits import save
from posapp.services.field_conflicts import resolve_fields
from posapp.storage.details import queue_rows
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.sync_center.result import ResultLine
from tests.gui.sync import scene
from tests.gui.sync.conftest import Center, Make

FIVE = ("street", "addressline", "shipping_cost", "payment_status", "cart")


def states(center: Center, name: str) -> list[str]:
    return [row.state for row in queue_rows(center.store, order_pk=center.made[name])]


def result(center: Center) -> str:
    return center.find(ResultLine, "resultLine").text.replace("\u202f", " ").replace("\u00a0", " ")


def test_only_what_both_sides_changed_stands_side_by_side(center: Center) -> None:
    assert center.chosen == center.order("conflict")
    assert tuple(center.page.right.desk.rows) == FIVE
    assert [center.cell("street", side).value for side in ("mine", "theirs")] == [
        "Lazimpat 109",
        "Gairidhara 4",
    ]
    assert [center.cell("cart", side).value for side in ("mine", "theirs")] == [
        "Margherita 30 cm × 2",
        "− Mango lassi",
    ]
    assert center.cell("shipping_cost", "theirs").value == "Rs\u00a0100"
    told = center.right_texts()
    assert "was Thamel Marg 27" in told
    assert "1 other change is only yours" in told  # the name
    assert center.text("conflictMine") == "Aigerim · Counter 1 · 19:34"
    assert center.text("conflictTheirs") == "kathmandu · seen at 19:34"


def test_the_safe_side_is_chosen_before_anybody_chooses(center: Center) -> None:
    assert center.choices() == dict.fromkeys(FIVE, "mine") | {"payment_status": "theirs"}
    assert result(center).startswith("Result: total Rs 2,095 · nothing to collect")


def test_the_result_follows_the_choices(center: Center) -> None:
    center.click(center.cell("payment_status", "mine"))
    assert "Rs 2,095 · cash to collect: Rs 2,095" in result(center)
    center.click(center.cell("cart", "theirs"))
    center.click(center.cell("shipping_cost", "theirs"))
    assert "Rs 1,265 · cash to collect: Rs 1,265" in result(center)
    assert "counted here" not in result(center)


def test_all_of_the_shops_takes_three_keys(make: Make) -> None:
    center = make()
    center.app.show_screen("orders")
    center.rest()
    center.key(Qt.Key.Key_Escape)

    bar = center.app.window.screen_keys().index("sync") + 1
    QTest.keyClick(center.app.window, Qt.Key(Qt.Key.Key_0 + bar), Qt.KeyboardModifier.ControlModifier)
    center.rest()
    center.key("2")
    assert set(center.choices().values()) == {"theirs"}
    center.key("Ctrl+Enter")
    center.rest()

    assert center.detail("conflict").street == "Gairidhara 4"
    assert center.detail("conflict").row.payment_status == "paid"
    assert "conflict" not in states(center, "conflict")
    assert center.problems == []


def test_all_of_the_shops_takes_three_clicks(make: Make) -> None:
    center = make()
    center.app.show_screen("orders")
    center.rest()

    center.click(center.app.window.top.pill)
    center.rest()
    assert center.app.window.screen_key == "sync"
    center.click(center.button("allTheirsButton"))
    center.click(center.button("applyChoicesButton"))
    center.rest()

    assert center.detail("conflict").street == "Gairidhara 4"
    assert center.messages[-1].startswith("#4821 is decided")


def test_fields_are_chosen_with_the_keys_alone(center: Center) -> None:
    center.key(Qt.Key.Key_Space)
    assert QApplication.focusWidget() is center.cell("street", "mine")
    center.key(Qt.Key.Key_Right, Qt.Key.Key_Space)
    center.key(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert center.choices() == {
        "street": "theirs", "addressline": "mine", "shipping_cost": "theirs", "payment_status": "theirs",
        "cart": "mine",
    }  # fmt: skip
    center.key("Ctrl+Enter")
    center.rest()

    detail = center.detail("conflict")
    assert (detail.street, detail.delivery_cost) == ("Gairidhara 4", Decimal(100))
    event = [event for event in detail.events if event.kind == "resolved"][-1]
    assert event.params["theirs"] == "payment_status, shipping_cost, street"
    assert event.params["mine"] == "addressline, cart"


def test_a_decision_is_taken_back_before_it_was_sent(center: Center) -> None:
    before = states(center, "conflict")
    center.key("2", "Ctrl+Enter")
    center.rest()
    assert not center.has(center.order("conflict"))
    center.key("z")
    center.rest()

    assert states(center, "conflict") == before
    assert center.detail("conflict").street == "Lazimpat 109"
    assert center.has(center.order("conflict"))
    assert [event.kind for event in center.detail("conflict").events][-1] == "reopened"
    assert center.messages[-1] == "Undone: #4821 needs you again"
    assert center.problems == []


def test_what_was_sent_meanwhile_is_not_taken_back(center: Center) -> None:
    center.key("1", "Ctrl+Enter")
    center.rest()
    with center.store.write("sync") as tx:
        tx.execute(
            "UPDATE outbox SET state = 'in_flight', reached = 1 WHERE order_pk = ?",
            (center.made["conflict"],),
        )
        tx.touch(center.made["conflict"])
    center.key("z")
    center.rest()

    assert "cannot be taken back" in center.problems[-1]
    assert set(states(center, "conflict")) == {"in_flight"}


def test_the_next_one_is_chosen_after_a_decision(center: Center) -> None:
    center.key("2", "Ctrl+Enter")
    center.rest()
    assert center.chosen == center.order("cancelled")
    # A hand that presses once more does not decide the next one unseen.
    assert center.choices() == {"status": ""}
    assert states(center, "cancelled")[-1] == "conflict"


def test_a_key_that_is_held_down_decides_once(center: Center) -> None:
    again = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "", autorep=True
    )
    assert center.page.handle_key(again)
    center.rest()
    assert "conflict" in states(center, "conflict")


def test_what_changed_at_the_shop_meanwhile_is_shown_instead_of_overwritten(center: Center) -> None:
    center.click(center.cell("street", "theirs"))
    case = center.page.right.desk.case
    assert case is not None
    with center.store.write("sync") as tx:
        tx.execute(
            "UPDATE outbox SET patch = replace(patch, 'Gairidhara 4', 'Patan 12') WHERE order_pk = ?",
            (center.made["conflict"],),
        )
    # The window has not heard of it yet.
    center.key("Ctrl+Enter")
    center.rest()

    assert "about something else by now" in center.problems[-1]
    assert "conflict" in states(center, "conflict")
    assert center.cell("street", "theirs").value == "Patan 12"
    assert center.choices()["street"] == "mine"


def test_a_conflict_that_another_station_settles_leaves_the_desk(center: Center) -> None:
    choices = dict.fromkeys(FIVE, "mine")
    resolve_fields(center.store, center.made["conflict"], choices, scene.ANNA)
    center.rest()
    assert center.chosen == center.order("cancelled")
    assert center.problems == []


def test_a_cancelled_order_asks_to_stop_or_to_continue(center: Center) -> None:
    center.pick(center.order("cancelled"))
    assert "cancelled at the shop while it is being cooked" in center.text("conflictSentence")
    assert center.choices() == {"status": ""}
    assert [center.button(name).label for name in ("allMineButton", "allTheirsButton")] == [
        "Continue",
        "Stop",
    ]
    assert result(center).startswith("Nothing is decided yet.")

    center.press("applyChoicesButton")
    assert states(center, "cancelled")[-1] == "conflict"
    center.press("allTheirsButton")
    assert "nothing to collect" in result(center)
    center.press("applyChoicesButton")

    assert center.detail("cancelled").row.status == "cancelled"


def test_an_order_goes_on_against_a_cancellation_only_by_a_person(center: Center) -> None:
    center.pick(center.order("cancelled"))
    center.key("1", "Ctrl+Enter")
    center.rest()

    [row] = [
        row for row in queue_rows(center.store, order_pk=center.made["cancelled"]) if row.state == "pending"
    ]
    assert (row.target, row.base, row.actor) == ("cooking", "cancelled", "Counter 1")
    event = [event for event in center.detail("cancelled").events if event.kind == "resolved"][-1]
    assert (event.actor, event.params["choice"]) == ("Counter 1", "mine")


def test_the_customer_is_called_with_the_number_in_sight(center: Center) -> None:
    center.pick(center.order("cancelled"))
    center.press("callCustomerButton")
    dialog = center.dialog()
    assert center.text("callNumber") == "+977 984 1255523"
    assert center.clipped() == []
    center.press("copyNumberButton")
    assert QGuiApplication.clipboard().text() == "+977 984 1255523"
    dialog.reject()


@pytest.mark.parametrize("way", ["key", "button"])
def test_the_order_is_opened_from_the_desk(center: Center, way: str) -> None:
    if way == "key":
        center.key("o")
    else:
        center.press("conflictOpenButton")
    center.rest()
    assert center.app.window.screen_key == "orders"
    [orders] = center.app.window.findChildren(OrdersPage)
    assert orders._desk.selected == center.made["conflict"]


def test_an_edit_that_meets_the_conflict_keeps_what_was_chosen(center: Center) -> None:
    center.click(center.cell("addressline", "theirs"))
    save(center.store, center.made["waiting"], {"comment": "No onions"}, scene.ANNA, scene.ZONE)
    center.rest()
    assert center.choices()["addressline"] == "theirs"
