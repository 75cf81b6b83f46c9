"""Settings of counter sales: each is saved as soon as it is changed, and refused where it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.ui.widgets.controls import Stepper, Toggle
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from tests.gui.shell.conftest import Make, Running


def open_sales(make: Make) -> Running:
    running = make()
    running.window.open_settings("sales")
    running.rest()
    return running


def test_switches_and_the_limit_of_discounts_are_kept(make: Make) -> None:
    running = open_sales(make)

    running.find(Toggle, "sales_tips").click()
    running.find(Toggle, "sales_shift_required").click()
    running.find(Stepper, "sales_discount_limit").setValue(20)
    running.find(Stepper, "sales_difference_limit").setValue(500)
    running.rest()

    rules = running.window.ctx.config.sale_rules
    assert (rules.tips, rules.shift_required, int(rules.discount_limit)) == (True, True, 20)
    assert rules.difference_limit == 500
    assert running.clipped() == []


def test_a_currency_that_is_none_is_refused_at_its_field(make: Make) -> None:
    running = open_sales(make)
    edit = running.find(TextInput, "sales_currency")
    field = next(one for one in running.settings.findChildren(Field) if one.editor is edit)

    QTest.keyClicks(edit, "dollars")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    running.rest()
    assert field.error
    edit.clear()
    QTest.keyClicks(edit, "NPR")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    running.rest()

    assert field.error == ""
    assert running.window.ctx.config.sale_rules.currency == "NPR"
