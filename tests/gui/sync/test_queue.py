"""The queue: what stands where and why, what can be done about each row, and that nothing jumps."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from posapp.domain.catalogue import Product
from posapp.domain.status import Status
from posapp.services import publishing
from posapp.services.intake import take_in
from posapp.services.publishing import Shop
from posapp.services.steps import enqueue, read_facts
from posapp.storage.catalogue import write_product
from posapp.storage.details import queue_rows
from posapp.storage.feed import Topic
from posapp.storage.publishing import product_queue
from posapp.storage.store import Store
from posapp.ui.screens.editor import EditorPage
from posapp.ui.sync_center.dialogs import DiscardDialog
from posapp.ui.sync_center.entries import Kind
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.inputs import ComboBox, TextInput
from tests.gui.sync import scene
from tests.gui.sync.conftest import Center, Make
from tests.support.shop_orders import remote_order


def states(center: Center, name: str) -> list[str]:
    return [row.state for row in queue_rows(center.store, order_pk=center.made[name])]


def test_everything_stands_where_it_belongs_with_its_reason(center: Center) -> None:
    told = [(entry.kind.value, entry.code, entry.title, entry.line) for entry in center.entries]
    needs = told[1:6]
    assert told[0][0] == "header"
    assert [f"{kind} {code}" for kind, code, _, _ in needs] == [
        "conflict #4821", "conflict #4823", "failed #4817", "failed #4819", "unread f-17",
    ]  # fmt: skip
    assert needs[0][3] == "Different here and there: Street, Address line, Shipping cost and 1 more"
    assert needs[1][2:] == ("Cancelled at the shop", "Here “Cooking”, at the shop “Cancelled”")
    assert needs[2][2:] == ("Edited: District", "Server: “district: We do not deliver to Mustang.”")
    assert needs[3][3] == "The shop no longer has this order."
    assert needs[4][3] == "The total “1,5” is not an amount."
    [sending] = [entry for entry in center.entries if entry.kind is Kind.SENDING]
    assert (sending.code, sending.title) == ("#4816", "Status → Cooking")
    waiting = [(entry.title, entry.line) for entry in center.entries if entry.kind is Kind.WAITING]
    assert waiting == [
        ("Status → Accepted", "Goes out next"),
        ("Status → Cooking", "After an earlier change of this order"),
    ]
    assert len([entry for entry in center.entries if entry.kind is Kind.DONE]) == 4
    assert center.text("queueCount") == "3 to send"


def test_the_rail_counts_what_needs_people(center: Center) -> None:
    assert center.app.window.rail.button("sync").badge == 5


def test_arrows_walk_past_the_headings(center: Center) -> None:
    center.key(Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert center.chosen == center.order("refused")
    center.key("j", "j", "j")
    assert center.entry(center.chosen).kind is Kind.SENDING
    center.key("k", Qt.Key.Key_Up)
    assert center.chosen == center.order("gone")
    for _ in range(9):
        center.key(Qt.Key.Key_Up)
    assert center.chosen == center.order("conflict")


@pytest.mark.parametrize("way", ["key", "button"])
def test_a_refused_change_goes_out_again(center: Center, way: str) -> None:
    center.pick(center.order("refused"))
    assert "Server: “district: We do not deliver to Mustang.”" in center.right_texts()
    assert "“Mustang”, was “Kathmandu”" in center.right_texts()
    if way == "key":
        center.key("r")
        center.rest()
    else:
        center.press("sync_retry")
    assert states(center, "refused") == ["pending"]
    assert not center.has(center.order("refused"))
    assert center.messages == ["#4817 is sent again"]


def test_a_refused_edit_is_corrected_in_the_editor(center: Center) -> None:
    center.pick(center.order("refused"))
    center.key("e")
    center.rest()
    page = center.app.window.editor.page
    assert isinstance(page, EditorPage)
    assert page.desk.pk == center.made["refused"]


def test_giving_a_change_up_needs_a_reason_and_can_be_undone(center: Center) -> None:
    center.pick(center.order("refused"))
    center.press("sync_discard")
    dialog = center.find(DiscardDialog, "discardDialog")
    assert dialog.isVisible()
    assert center.clipped() == []
    center.find(ComboBox, "discardReason").setCurrentIndex(2)
    center.find(TextInput, "discardWords").setText("Ram said so")
    center.click(center.find(Button, "confirmDiscardButton"))
    center.rest()

    assert states(center, "refused") == ["superseded"]
    assert center.detail("refused").row.address.endswith("Kathmandu")
    event = [event for event in center.detail("refused").events if event.kind == "discarded"][-1]
    assert event.params["reason"] == "Settled with the shop by phone: Ram said so"

    center.key(Qt.Key.Key_Z)
    center.rest()
    assert states(center, "refused") == ["parked"]
    assert center.has(center.order("refused"))


def test_the_dialog_begins_with_the_safe_button(center: Center) -> None:
    center.pick(center.order("refused"))
    center.key(Qt.Key.Key_Delete)
    dialog = center.dialog()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    center.rest()
    assert states(center, "refused") == ["parked"]


def test_what_is_being_sent_can_neither_be_given_up_nor_sent_twice(center: Center) -> None:
    [sending] = [entry for entry in center.entries if entry.kind is Kind.SENDING]
    center.pick(sending.key)
    assert [act.value for act in center.page.right.facts.facts.acts] == ["open"]  # type: ignore[union-attr]
    center.key(Qt.Key.Key_Delete, "r")
    center.rest()
    assert states(center, "sending") == ["confirmed", "in_flight"]


def test_an_order_that_is_gone_explains_itself(center: Center) -> None:
    center.pick(center.order("gone"))
    assert "answered twice, a minute apart" in center.text("factsSentence")
    center.key("o")
    center.rest()
    assert center.app.window.screen_key == "orders"


def test_an_unreadable_order_shows_its_text_and_is_copied_for_support(center: Center) -> None:
    center.pick("unread:1")
    raw = center.find(QPlainTextEdit, "factsRaw")
    assert raw.toPlainText() == '{"id": "f-17", "price": {"order_base_total": "1,5"}, "comment": "<b>x</b>"}'
    center.press("sync_copy")
    copied = QGuiApplication.clipboard().text()
    assert "The total “1,5” is not an amount." in copied
    assert "<b>x</b>" in copied


def test_hostile_words_of_a_server_are_plain_text(center: Center) -> None:
    hostile = "<b>Bold</b> \u202e&amp; <img src=x> " + "Ы" * 300
    with center.store.write("sync") as tx:
        tx.execute("UPDATE outbox SET last_error = ? WHERE order_pk = ?", (hostile, center.made["refused"]))
        tx.touch(center.made["refused"], Topic.QUEUE)
    center.rest()
    center.pick(center.order("refused"))
    assert "<b>Bold</b>" in center.text("serverWords")
    assert "\u202e" not in center.text("serverWords")
    assert center.clipped() == []


def test_a_row_stays_chosen_while_others_come_and_go(center: Center) -> None:
    center.pick(center.order("refused"))
    before = center.page.queue.view.verticalScrollBar().value()
    for number in (31, 32):
        scene.internal(center.store, number, Status.ACCEPTED)
    scene.settle(center.store, center.made["waiting"])
    center.rest()
    assert center.chosen == center.order("refused")
    assert center.page.queue.view.verticalScrollBar().value() == before
    assert len([entry for entry in center.entries if entry.kind is Kind.WAITING]) == 2


def test_cards_lead_to_what_they_count(center: Center) -> None:
    center.click(center.card("failed"))
    assert center.chosen == center.order("refused")
    center.click(center.card("unread"))
    assert center.chosen == "unread:1"
    center.click(center.card("waiting"))
    assert center.entry(center.chosen).kind is Kind.SENDING
    center.click(center.card("conflicts"))
    assert center.chosen == center.order("conflict")
    center.click(center.card("shop:mamma"))
    center.rest()
    assert center.text("factsTitle") == "mamma"
    assert "your changes reach the shop" in center.text("factsSentence")


def refused_product(store: Store, clock: scene.ChosenClock) -> None:
    with store.write() as tx:
        for number, title in enumerate(("Margherita", "Lassi", "Momo")):
            write_product(tx, Product(f"p-{number}", title, Decimal(780), category="Menu", position=number))
    publishing.queue_all(store, [Shop("mamma", "NPR")], scene.ANNA)
    with store.write() as tx:
        tx.execute(
            "UPDATE product_outbox SET state = 'parked', last_error = 'title is too long', attempts = 2 "
            "WHERE internal_id = 'p-0'"
        )


def test_products_stand_in_the_same_queue(make: Make) -> None:
    center = make(refused_product)
    [waiting] = [entry for entry in center.entries if entry.kind is Kind.PRODUCTS]
    assert (waiting.title, waiting.code) == ("2 products", "mamma")
    [refused] = [entry for entry in center.entries if entry.kind is Kind.PRODUCT]
    assert (refused.title, refused.line) == ("Margherita", "Server: “title is too long”")
    assert center.card("failed").face.big == "1"
    assert center.card("waiting").face.big == "2"
    assert center.page.queue.count.text() == "2 to send"
    keys = [entry.key for entry in center.entries]
    place = keys.index("header:products")
    assert center.entries[place].right == "3"
    assert keys[place + 1 : place + 3] == [refused.key, waiting.key]

    center.pick(refused.key)
    center.key("r")
    center.rest()
    assert [row.state for row in product_queue(center.store)] == ["pending"] * 3
    assert center.has(waiting.key)
    assert not center.has(refused.key)


def thousands(store: Store, clock: scene.ChosenClock) -> None:
    found = take_in(
        store, scene.INTERNAL, [remote_order(f"r{n}", code=f"{10_000 + n}") for n in range(3000)], "Counter 1"
    ).seen
    with store.write() as tx:
        for _ in range(4):
            for pk, _status in found:
                enqueue(tx, read_facts(tx, pk), Status.ACCEPTED, scene.ANNA)


def test_twelve_thousand_changes_are_told_and_only_a_stretch_is_held(make: Make) -> None:
    center = make(thousands, shops=("mamma",))
    assert center.card("waiting").face.big == "12\u202f000"
    rows = [entry for entry in center.entries if entry.kind is Kind.WAITING]
    assert len(rows) == 200
    assert center.entries[-1].title == "11\u202f800 more"

    center.page.queue.view.scrollToBottom()
    center.pick("more:waiting")
    rows = [entry for entry in center.entries if entry.kind is Kind.WAITING]
    assert len(rows) == 400
    assert center.clipped() == []

    # A change that is settled costs the window a moment, not a new list.
    seen: list[str] = []
    center.page.queue.model.modelReset.connect(lambda: seen.append("reset"))
    scene.settle(center.store, 1)
    center.rest()
    assert center.card("waiting").face.big == "11\u202f996"
    assert seen == []


def test_a_click_on_a_heading_chooses_nothing(center: Center) -> None:
    view = center.page.queue.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert center.chosen == center.order("conflict")


def test_send_now_asks_the_shops(center: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(center.app.context.doors, "sync_now", lambda: asked.append("now"))
    center.press("sendNowButton")
    center.key(Qt.Key.Key_F5)
    assert asked == ["now", "now"]


def test_undo_without_a_decision_says_so(center: Center) -> None:
    center.key("z")
    center.rest()
    assert center.messages == ["There is nothing to undo"]


def test_what_qt_makes_current_is_nobodys_choice(make: Make) -> None:
    def fill(store: Store, clock: scene.ChosenClock) -> dict[str, int]:
        first = scene.internal(store, 15, Status.ACCEPTED)
        return {"first": first, "second": scene.internal(store, 16, Status.ACCEPTED)}

    center = make(fill)
    assert center.chosen == ""
    view = center.page.queue.view
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    scene.settle(center.store, center.made["first"])
    center.rest()
    assert center.chosen == ""
    assert view.selectedIndexes() == []
    scene.refuse(center.store, center.made["second"], "No.")
    center.rest()
    assert center.chosen == center.order("second")
    assert not center.page._guard.isActive()
