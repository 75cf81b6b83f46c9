"""Editing an order from beginning to end: by keys alone, by mouse alone, with errors, and back again."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from posapp.ui.editor.lineitem import LineItem
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.toast import Toast
from tests.gui.editor import scene
from tests.gui.editor.conftest import Editing


def test_a_full_edit_needs_the_keyboard_only(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    page = editing.open(pk)
    assert editing.focus() is editing.field("name")
    editing.write("सुनिता")
    editing.tab_to(editing.field("city"))
    editing.write("Patan")
    editing.key(Qt.Key.Key_Tab)
    editing.write("lalit")
    editing.key(Qt.Key.Key_Tab)
    assert editing.field("district").text() == "Lalitpur"
    editing.tab_to(page.lines.items[1])
    editing.key("+")
    editing.key(Qt.Key.Key_Down)
    editing.key(Qt.Key.Key_Delete)
    assert editing.words("unsavedCount") == "5 unsaved changes"
    editing.save()

    assert not editing.is_open()
    form = editing.form(pk)
    assert (form.values["name"], form.values["city"], form.values["district"]) == (
        "सुनिता",
        "Patan",
        "Lalitpur",
    )
    assert [(line.title, line.quantity) for line in form.lines] == [
        ("Margherita 30 cm", 1),
        ("Chicken momo (10 pcs)", 2),
    ]


def test_after_saving_the_order_is_selected_and_one_key_takes_all_of_it_back(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    scene.internal(editing.store, remote_id="9", code="9")
    before = editing.form(pk)
    page = editing.open(pk)
    editing.write("Ram")
    page.lines.items[0].setFocus()
    editing.key("+")
    editing.save()
    orders = editing.app.window.page
    assert isinstance(orders, OrdersPage)
    assert orders._desk.selected == pk
    toast = editing.app.window.findChild(Toast, "toast")
    assert toast is not None
    assert toast.isVisible()
    assert editing.form(pk).values["name"] == "Ram"
    editing.key("z")
    editing.rest()

    after = editing.form(pk)
    assert (after.values, after.lines) == (before.values, before.lines)


def test_an_edit_needs_the_mouse_only(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    editing.select(pk)
    editing.press("editButton")
    page = editing.page
    district = editing.field("district")
    editing.click(district)
    names = editing.dropped("districtList")
    row = names.list.model().index([option.text for option in names.options].index("Dolpa"), 0)
    names.list.scrollTo(row)
    editing.click(names.list.viewport(), names.list.visualRect(row).center())
    paid = editing.find(Segmented, "editor_payment_status").segments[1]
    editing.click(paid)
    stepper = page.lines.items[0].findChildren(Stepper)[0]
    editing.click(stepper, QPoint(stepper.width() - 10, stepper.height() // 2))
    editing.press("editorSaveButton")

    form = editing.form(pk)
    assert (form.values["district"], form.values["payment_status"]) == ("Dolpa", "1")
    assert form.lines[0].quantity == 2


def test_a_quantity_is_changed_with_four_keys_or_three_clicks(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    editing.select(pk)
    editing.key("e")
    editing.rest()
    editing.key(Qt.Key.Key_F6)
    editing.key("+")
    editing.save()
    assert editing.form(pk).lines[0].quantity == 2
    editing.press("editButton")
    stepper = editing.page.lines.items[0].findChildren(Stepper)[0]
    editing.click(stepper, QPoint(10, stepper.height() // 2))
    editing.press("editorSaveButton")

    assert editing.form(pk).lines[0].quantity == 1


def test_without_a_network_an_edit_is_saved_and_waits(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    editing.open(pk)
    editing.type("phone", "9841000000")
    editing.save()

    detail = editing.detail(pk)
    assert (detail.row.phone, detail.row.sync) == ("9841000000", "pending")
    assert [(row.what, row.state) for row in detail.queue] == [("phone", "pending")]


def test_saving_nothing_writes_nothing(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    editing.open(pk)
    version = editing.form(pk).version
    editing.save()

    assert not editing.is_open()
    assert editing.form(pk).version == version


def test_what_is_not_saved_is_named_and_can_be_reverted(editing: Editing) -> None:
    page = editing.open(scene.internal(editing.store))
    assert editing.words("unsavedCount") == "No unsaved changes"
    editing.type("street", "Lazimpat")
    page.lines.items[1].stepper.setValue(2)
    assert editing.words("unsavedCount") == "2 unsaved changes"
    assert editing.words("unsavedSummary") == "Street · Chicken momo (10 pcs) quantity · total"
    assert editing.words("editorTotal") == "Rs 1,805"
    assert editing.words("editorTotalWas") == "was Rs 1,405"
    editing.ctrl(Qt.Key.Key_R)

    assert editing.field("street").text() == "थामेल मार्ग (Thamel Marg)"
    assert editing.words("unsavedCount") == "No unsaved changes"
    assert editing.words("editorTotal") == "Rs 1,405"


def test_the_change_to_bring_follows_what_the_customer_gives(editing: Editing) -> None:
    editing.open(scene.internal(editing.store))
    assert editing.words("changeToBring") == "Rs 595"
    editing.type("change", "1,405")
    assert editing.words("changeToBring") == "None, exact"
    editing.type("change", "1000")
    assert editing.words("changeToBring") == "− Rs 405"
    assert editing.note("change") == "Rs\xa0405 less than the total — ask the customer."
    assert editing.find(QWidget, "changeToBring").property("tone") == "danger_text"
    editing.click(editing.find(Segmented, "editor_payment_method").segments[1])

    assert editing.words("changeToBring") == "None"


def test_later_takes_a_time_on_the_shops_clock(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    editing.open(pk)
    editing.click(editing.find(Segmented, "editorWhen").segments[1])
    assert editing.field("due_at").text() == "20:45"
    editing.type("due_at", "21:30")
    editing.save()
    assert editing.form(pk).values["due_at"] == "2026-03-05T15:45:00Z"
    editing.open(pk)
    editing.click(editing.find(Segmented, "editorWhen").segments[0])
    editing.save()

    assert editing.form(pk).values["due_at"] == ""


def test_letters_typed_into_a_field_are_no_commands(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    editing.open(pk)
    editing.key(Qt.Key.Key_Home)
    editing.type("comment", "")
    editing.key("zmes/1")

    assert editing.field("comment").text() == "zmes/1"
    assert editing.is_open()


def test_every_control_has_a_name_and_every_error_is_described(editing: Editing) -> None:
    page = editing.open(scene.staff(editing.store))
    nameless = [
        type(widget).__name__
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not isinstance(widget.parentWidget(), Stepper)
    ]
    assert nameless == []
    editing.type("email", "sunita")
    editing.key(Qt.Key.Key_Tab)

    assert "is not an email address" in editing.field("email").accessibleDescription()
    assert page.lines.items[0].accessibleName() == "1 × Margherita 30 cm"
    assert isinstance(page.lines.items[0], LineItem)
