"""Options, notes and discounts of lines: by keys and by mouse, for our own orders and for those of shops."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from posapp.domain.catalogue import ModifierGroup, ModifierOption, Product
from posapp.storage.catalogue import write_product
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.field import Field
from tests.gui.editor import scene
from tests.gui.editor.conftest import Editing
from tests.support.clipping import find_clipped


def into(editing: Editing, name: str, text: str) -> None:
    found = editing.dialog().findChild(QLineEdit, name)
    assert found is not None
    found.setFocus()
    editing.write(text)


def options(editing: Editing) -> dict[str, Button]:
    return {pill.label: pill for pill in editing.dialog().findChildren(Button, "lineOption")}


def errors(editing: Editing) -> list[str]:
    return [field.error for field in editing.dialog().findChildren(Field) if field.error]


def test_our_own_order_gets_options_with_prices_and_a_discount_by_keys_alone(editing: Editing) -> None:
    pk = scene.counter(editing.store, editing.app.context.config.sale_rules)
    page = editing.open(pk)
    editing.key(Qt.Key.Key_F6)
    editing.key(Qt.Key.Key_Return)
    editing.rest()
    editing.write("extra cheese +50")
    editing.key(Qt.Key.Key_Return)
    assert list(options(editing)) == ["extra cheese +50"]
    into(editing, "lineDiscount", "10%")
    into(editing, "lineReason", "regular guest")
    into(editing, "lineNote", "well done")
    editing.key(Qt.Key.Key_Return)
    editing.rest()
    assert editing.words("unsavedSummary") == "Margherita 30 cm options · total"
    assert editing.words("editorTotal") == "Rs 1,232"  # (780 + 50) − 10 % + 360 + 125
    editing.bot.waitUntil(lambda: editing.app.window.focusWidget() is page.lines.items[0])
    editing.save()

    line = editing.form(pk).lines[0]
    assert (line.additions, line.notes, line.total) == (("extra cheese",), "well done", Decimal("747.00"))
    editing.key("z")
    editing.rest()
    line = editing.form(pk).lines[0]
    assert (line.additions, line.notes, line.total) == ((), "", Decimal("780.00"))


def test_the_options_of_the_catalogue_are_there_to_click(editing: Editing) -> None:
    group = ModifierGroup(
        "Size", (ModifierOption("small"), ModifierOption("large", Decimal("120"), "m-2")), least=1, most=1
    )
    with editing.store.write() as tx:
        write_product(tx, Product("p-1", "Margherita 30 cm", Decimal("780"), modifiers=(group,)))
    pk = scene.counter(editing.store, editing.app.context.config.sale_rules)
    page = editing.open(pk)
    editing.click(page.lines.items[0].words_button)
    editing.rest()
    assert list(options(editing)) == ["small", "large +120"]
    editing.click(options(editing)["small"])
    editing.click(options(editing)["large +120"])
    editing.press("confirmLineButton")
    assert errors(editing) == ["Size: Choose at most 1."]
    editing.click(options(editing)["small"])
    editing.press("confirmLineButton")
    assert editing.words("editorTotal") == "Rs 1,385"


def test_an_order_of_a_shop_keeps_options_and_discount_here(editing: Editing) -> None:
    pk = scene.internal(editing.store)
    page = editing.open(pk)
    editing.click(page.lines.items[0].words_button)
    editing.rest()
    assert editing.dialog().accessibleDescription() == "This stays here: the shop takes only statuses."
    editing.click(options(editing)["thin crust"])
    into(editing, "lineDiscount", "100")
    editing.press("confirmLineButton")
    assert errors(editing) == ["A shop's order takes a discount in percent. Write it like 10%."]
    into(editing, "lineDiscount", "50 %")
    editing.press("confirmLineButton")
    assert editing.words("editorTotal") == "Rs 1,015"
    editing.save()

    line = editing.form(pk).lines[0]
    assert (line.additions, line.total) == (("+ extra cheese",), Decimal("390.00"))


def test_a_shop_with_prices_of_its_own_is_said_so_and_takes_no_discount(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    page = editing.open(pk)
    editing.click(page.lines.items[1].words_button)
    editing.rest()
    assert "sets its prices" in editing.dialog().accessibleDescription()
    discount = editing.dialog().findChild(QLineEdit, "lineDiscount")
    assert discount is not None
    assert not discount.isVisible()
    into(editing, "lineNote", "gift wrap")
    editing.press("confirmLineButton")
    editing.save()

    assert editing.form(pk).lines[1].notes == "gift wrap"
    assert [row.kind for row in editing.detail(pk).queue] == ["status"]  # no edit of fields


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_of_the_dialog_is_cut_off(make: object, theme: str) -> None:
    editing: Editing = make(theme)  # type: ignore[operator] # the fixture's callable
    page = editing.open(scene.internal(editing.store))
    editing.click(page.lines.items[0].words_button)
    editing.rest()
    into(editing, "lineOther", "x" * 150)
    editing.key(Qt.Key.Key_Return)
    into(editing, "lineDiscount", "ten")
    editing.press("confirmLineButton")

    editing.bot.waitUntil(lambda: find_clipped(editing.dialog()) == [])
    assert errors(editing) == ["“ten” is no discount. Write it like 10% or 50."]
