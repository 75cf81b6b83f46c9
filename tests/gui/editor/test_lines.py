"""The lines of an order: taken out and put back, added from the catalogue or free, counted."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from posapp.ui.widgets.field import Field
from posapp.ui.widgets.options import OptionList
from tests.gui.editor import scene
from tests.gui.editor.conftest import Editing


def titles(editing: Editing, pk: int) -> list[tuple[str, int]]:
    return [(line.title, line.quantity) for line in editing.form(pk).lines]


def test_a_line_that_was_taken_out_stays_in_sight_and_comes_back(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    page = editing.open(pk)
    editing.click(page.lines.items[0].remove_button)
    assert editing.words("editorTotal") == "Rs 625"
    assert editing.words("unsavedSummary") == "Margherita 30 cm removed · total"
    editing.press("putBackButton")
    assert editing.words("editorTotal") == "Rs 1,405"
    page.lines.focus()
    editing.key(Qt.Key.Key_Delete)
    assert editing.words("unsavedCount") == "1 unsaved change"
    editing.ctrl(Qt.Key.Key_Z)

    assert editing.words("unsavedCount") == "No unsaved changes"


def test_an_order_keeps_at_least_one_line(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    page = editing.open(pk)
    for item in page.lines.items:
        editing.click(item.remove_button)
    editing.save()

    assert editing.note("cart") == "An order needs at least one line. Add one."
    assert len(editing.form(pk).lines) == 3


def test_digits_set_the_quantity_of_the_line_with_the_focus(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    page = editing.open(pk)
    editing.key(Qt.Key.Key_F6)
    editing.key("1")
    editing.key("2")
    editing.save()

    assert titles(editing, pk)[0] == ("Margherita 30 cm", 12)
    assert page.desk.pk == pk


def test_an_item_of_the_catalogue_is_added_with_keys_alone(editing: Editing) -> None:
    scene.products(editing.store)
    pk = scene.internal(editing.store)
    editing.open(pk)
    editing.key(Qt.Key.Key_F4)
    editing.rest()
    editing.key("momo c")
    editing.rest()
    editing.key(Qt.Key.Key_Backspace)
    editing.key(Qt.Key.Key_Backspace)
    editing.rest()
    editing.key(Qt.Key.Key_Return)
    editing.key(Qt.Key.Key_Return)
    editing.rest()
    assert editing.words("editorTotal") == "Rs 1,805"
    editing.save()

    added = editing.form(pk).lines[-1]
    assert (added.title, added.quantity, added.unit_price, added.internal_id) == (
        "Chicken momo (10 pcs)",
        1,
        Decimal("400"),
        "p-2",
    )


def test_a_free_line_needs_a_name_and_a_price(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    editing.open(pk)
    editing.press("addItemButton")
    dialog = editing.dialog()
    name, price = dialog.findChild(QLineEdit, "addItemName"), dialog.findChild(QLineEdit, "addItemPrice")
    catalogue = dialog.findChild(OptionList, "catalogueList")
    assert name is not None
    assert price is not None
    assert catalogue is not None
    assert not catalogue.isVisible()
    editing.press("confirmAddButton")
    errors = [field.error for field in dialog.findChildren(Field) if field.error]
    assert errors == ["Name is missing. Fill it in."]
    name.setFocus()
    editing.write("Party hat")
    price.setFocus()
    editing.write("abc")
    editing.press("confirmAddButton")
    errors = [field.error for field in dialog.findChildren(Field) if field.error]
    assert errors == ["“abc” is not an amount. Write it like 1250.50."]
    editing.write("99.5")
    editing.press("confirmAddButton")
    editing.save()

    assert titles(editing, pk)[-1] == ("Party hat", 1)
    assert editing.form(pk).lines[-1].unit_price == Decimal("99.5")


def test_a_remote_total_that_does_not_add_up_is_marked(editing: Editing) -> None:
    editing.open(scene.internal(editing.store, total="1500.00"))

    assert editing.words("editorTotal") == "Rs 1,500"
    assert editing.words("editorTotalMark") == (
        "Does not add up as received: items and delivery came to Rs 1,405."
    )


def test_our_own_order_is_counted_by_the_till_and_taken_back_whole(editing: Editing) -> None:
    pk = scene.counter(editing.store, editing.app.context.config.sale_rules)
    page = editing.open(pk)
    page.lines.items[1].stepper.setValue(3)
    editing.type("street", "Lazimpat")
    assert editing.words("editorTotal") == "Rs 1,445"
    editing.save()
    detail = editing.detail(pk)
    assert (Decimal(detail.row.total), detail.street) == (Decimal("1445"), "Lazimpat")
    editing.key("z")
    editing.rest()

    detail = editing.detail(pk)
    assert (Decimal(detail.row.total), detail.street) == (Decimal("1265"), "Thamel Marg")
    assert titles(editing, pk) == [("Margherita 30 cm", 1), ("Mango lassi", 2)]


def test_the_total_of_lines_that_were_saved_is_counted_from_what_was_received(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    page = editing.open(pk)
    page.lines.items[1].stepper.setValue(2)
    assert editing.words("editorTotal") == "Rs 1,805"
    editing.save()
    page = editing.open(pk)
    assert (editing.words("editorTotal"), editing.words("editorTotalWas")) == ("Rs 1,805", "was Rs 1,405")
    assert editing.words("unsavedSummary") == ""
    assert [pair.value.split()[-1] for pair in page.desk.totals().pairs] == ["1,760", "80", "125"]
    page.lines.items[1].stepper.setValue(3)
    editing.save()
    editing.open(pk)

    assert editing.words("editorTotal") == "Rs 2,205"
