"""What others do meanwhile is seen and never overwritten; what is not saved is never lost unasked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from posapp.services import edits
from posapp.services.line_edits import LineEdit
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.dialog import Dialog
from tests.gui.editor import scene
from tests.gui.editor.conftest import Editing


def test_what_others_save_comes_in_where_nothing_was_typed(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    editing.open(pk)
    editing.type("phone", "9841000000")
    scene.meanwhile(editing.store, pk, city="Patan")
    editing.rest()
    assert editing.field("city").text() == "Patan"
    assert editing.note("city") == "Changed just now by somebody else"
    assert editing.field("phone").text() == "9841000000"
    assert editing.words("unsavedCount") == "1 unsaved change"
    editing.save()

    values = editing.form(pk).values
    assert (values["phone"], values["city"]) == ("9841000000", "Patan")


@pytest.mark.parametrize(("choice", "kept"), [("keepMine", "9841000000"), ("takeTheirs", "9851111111")])
def test_the_same_field_is_shown_twice_and_a_person_chooses(editing: Editing, choice: str, kept: str) -> None:
    pk = scene.staff(editing.store)
    editing.open(pk)
    editing.type("phone", "9841000000")
    scene.meanwhile(editing.store, pk, phone="9851111111")
    editing.rest()
    assert editing.note("phone") == "Somebody else wrote “9851111111”"
    editing.save()
    assert editing.is_open()
    assert editing.form(pk).values["phone"] == "9851111111"
    assert editing.band() == "Fix 1 field to save Phone was changed by somebody else"
    editing.press(f"{choice}_phone")
    assert editing.field("phone").text() == kept
    editing.save()

    assert not editing.is_open()
    assert editing.form(pk).values["phone"] == kept


def test_a_save_that_comes_a_moment_too_late_overwrites_nothing(
    editing: Editing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else is faster between reading and saving: the window has not heard of it yet."""
    pk = scene.staff(editing.store)
    page = editing.open(pk)
    editing.type("phone", "9841000000")
    monkeypatch.setattr(page.desk, "read", lambda then=None: None)
    scene.meanwhile(editing.store, pk, phone="9851111111")
    editing.rest()
    assert editing.note("phone") == ""
    monkeypatch.undo()
    editing.save()

    assert editing.is_open()
    assert editing.note("phone") == "Somebody else wrote “9851111111”"
    assert editing.focus() is editing.field("phone")
    assert editing.form(pk).values["phone"] == "9851111111"


@pytest.mark.parametrize(("choice", "quantities"), [("keepMine", [3, 1, 1]), ("takeTheirs", [1, 5])])
def test_lines_that_two_people_change_are_shown_too(
    editing: Editing, choice: str, quantities: list[int]
) -> None:
    pk = scene.staff(editing.store)
    page = editing.open(pk)
    page.lines.items[0].stepper.setValue(3)
    lines = [LineEdit(1, 0), LineEdit(5, 1)]
    edits.save(editing.store, pk, {}, scene.BERIK, scene.ZONE, lines=lines)
    editing.rest()
    assert editing.note("cart") == "Somebody else changed the lines"
    editing.save()
    assert [line.quantity for line in editing.form(pk).lines] == [1, 5]
    editing.press(f"{choice}_cart")
    editing.save()

    assert not editing.is_open()
    found = editing.form(pk).lines
    assert [line.quantity for line in found] == quantities
    assert found[0].additions == ("+ extra cheese", "thin crust")


@pytest.mark.parametrize(
    ("choice", "kept", "states"),
    [("keepMine", "9841000000", ["pending"]), ("takeTheirs", "9779857654321", ["superseded"])],
)
def test_a_conflict_with_the_shop_is_settled_at_its_field(
    editing: Editing, choice: str, kept: str, states: list[str]
) -> None:
    pk = scene.staff(editing.store)
    scene.meanwhile(editing.store, pk, phone="9841000000")
    scene.conflict(editing.store, pk, "phone", "9779857654321")
    editing.open(pk)
    assert editing.note("phone") == "At the shop: “9779857654321”"
    editing.press(f"{choice}_phone")

    assert editing.form(pk).values["phone"] == kept
    assert [row.state for row in editing.detail(pk).queue] == states
    assert editing.field("phone").text() == kept
    editing.bot.waitUntil(lambda: editing.note("phone") in {"", "Changed just now by somebody else"})


def ask(editing: Editing) -> Dialog:
    """Return the question about what is not saved; it has to have the safe answer marked."""
    dialog = editing.dialog()
    assert dialog.objectName() == "guardDialog"
    safe = dialog.findChild(Button, "keepEditingButton")
    assert safe is not None
    editing.bot.waitUntil(safe.hasFocus)
    return dialog


@pytest.mark.parametrize("way", ["Esc", "back", "Ctrl+2", "rail", "close"])
def test_every_way_out_asks_before_anything_is_thrown_away(editing: Editing, way: str) -> None:
    pk = scene.internal(editing.store)
    window = editing.app.window
    editing.open(pk)
    editing.type("street", "Lazimpat")
    leave = {
        "Esc": lambda: editing.key(Qt.Key.Key_Escape),
        "back": lambda: editing.click(editing.page.head.back_button),
        "Ctrl+2": lambda: editing.ctrl(Qt.Key.Key_2),
        "rail": lambda: window.rail.button("settings").click(),
        "close": window.close,
    }[way]
    leave()
    dialog = ask(editing)
    assert "Street" in dialog.accessibleDescription()
    editing.key(Qt.Key.Key_Escape)
    editing.rest()
    assert editing.is_open()
    assert editing.field("street").text() == "Lazimpat"
    assert window.isVisible()
    leave()
    ask(editing)
    editing.press("discardButton")

    assert not editing.is_open()
    assert editing.form(pk).values["street"] == "थामेल मार्ग (Thamel Marg)"
    if way in {"Ctrl+2", "rail"}:
        assert window.screen_key != "orders"


def test_nothing_is_asked_where_nothing_is_lost(editing: Editing) -> None:
    editing.open(scene.internal(editing.store))
    editing.type("street", "x")
    editing.write("थामेल मार्ग (Thamel Marg)")
    editing.key(Qt.Key.Key_Escape)
    editing.rest()

    assert not editing.is_open()
    assert editing.app.window.screen_key == "orders"


def test_another_order_opens_once_this_one_is_left(editing: Editing) -> None:
    first = scene.internal(editing.store)
    second = scene.staff(editing.store)
    editing.open(first)
    editing.type("street", "Lazimpat")
    editing.app.context.edit_wanted.emit(second)
    ask(editing)
    editing.press("discardButton")
    editing.rest()

    assert editing.page.desk.pk == second
