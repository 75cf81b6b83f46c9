"""A dish is added, changed, taken back; what is wrong is said at its field; who was faster is shown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.domain.catalogue import FURTHER_NOTICE
from posapp.services.catalogue import save_product
from posapp.storage.catalogue import categories
from posapp.ui.catalogue.categories import CategoriesDialog, CategoryRow
from posapp.ui.catalogue.dishdialog import DishDialog
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.toast import Toast
from tests.gui.catalogue.conftest import ANNA, OpenMenu, Screen


def edit(screen: Screen, internal_id: str) -> DishDialog:
    dialog = screen.open(internal_id)
    assert isinstance(dialog, DishDialog)
    return dialog


def save(screen: Screen) -> None:
    screen.press("saveDishButton")


def type_into(dialog: DishDialog, name: str, text: str) -> None:
    field = dialog.form.texts[name]
    field.selectAll()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    field.insert(text)


def undo_last(screen: Screen) -> None:
    toast = next(found for found in screen.running.window.findChildren(Toast) if found.isVisible())
    toast.button.click()
    screen.rest()


def test_a_dish_is_changed_and_taken_back(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    dialog = edit(screen, "p-1")
    type_into(dialog, "price", "2 750,50")
    dialog.form.choose("category", "Soups")
    dialog.form.choose("sold_out_until", FURTHER_NOTICE)
    save(screen)
    saved = screen.product("p-1")
    assert (saved.price, saved.category, saved.sold_out_until) == (
        Decimal("2750.50"), "Soups", FURTHER_NOTICE,
    )  # fmt: skip
    assert screen.running.no_dialog()
    assert "Sold out" in screen.state_of("p-1")
    undo_last(screen)
    back = screen.product("p-1")
    assert (back.price, back.category, back.sold_out_until) == (Decimal("2600.00"), "Пицца", None)


def test_a_dish_is_added_with_options(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    screen.press("addDishButton")
    dialog = screen.running.dialog()
    assert isinstance(dialog, DishDialog)
    type_into(dialog, "title", "Лагман")
    type_into(dialog, "internal_id", "p-20")
    type_into(dialog, "price", "1800")
    screen.press("addGroupButton", dialog)
    group = dialog.form.modifiers.groups[0]
    group.title.setText("Size")
    group.options[0].title.setText("Big")
    group.options[0].price.setText("400")
    screen.press("addOptionButton", dialog)
    group.options[1].title.setText("Small")
    group.least.setValue(1)
    group.most.setValue(1)
    save(screen)
    saved = screen.product("p-20")
    (kept,) = saved.modifiers
    assert [(option.title, option.price) for option in kept.options] == [
        ("Big", Decimal("400.00")), ("Small", Decimal("0.00")),
    ]  # fmt: skip
    assert (kept.least, kept.most) == (1, 1)
    assert "Лагман" in screen.titles()


def test_each_error_stands_at_its_field(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    screen.press("addDishButton")
    dialog = screen.running.dialog()
    assert isinstance(dialog, DishDialog)
    save(screen)
    fields = dialog.form.fields
    assert {name: field.error for name, field in fields.items() if field.error} == {
        "title": "Enter a title.",
        "internal_id": "Enter an id, such as p-120.",
        "price": "Enter a price, such as 2600.",
    }
    type_into(dialog, "title", "Soup")
    type_into(dialog, "internal_id", "p-2")
    type_into(dialog, "price", "1,250")
    save(screen)
    assert fields["price"].error == "“1,250” may be read in two ways: write it without a separator."
    assert fields["title"].error == ""
    type_into(dialog, "price", "1250")
    save(screen)
    assert fields["internal_id"].error == "“Tom yum” has it."
    dialog.form.modifiers.add(replace(screen.product("p-1").modifiers[0], options=(), title="Extras"))
    type_into(dialog, "internal_id", "p-30")
    save(screen)
    assert dialog.form.modifiers.error.text() == "Extras: needs a title and at least one option."
    assert screen.running.clipped() == []


def test_who_was_faster_is_shown_and_nothing_typed_is_lost(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    dialog = edit(screen, "p-1")
    type_into(dialog, "price", "3000")
    now = screen.product("p-1")
    save_product(
        screen.store, replace(now, price=Decimal("2800"), weight="500 г", title="Маргарита XL"), "KZT", ANNA
    )
    save(screen)
    banner = screen.running.find(Banner, "dishBanner")
    assert banner.isVisible()
    assert banner.text == "Somebody changed this dish meanwhile."
    form = dialog.form
    assert form.texts["price"].text() == "3000"
    assert form.fields["price"].error == "Changed meanwhile to “2800”. Saving puts yours in its place."
    assert (form.texts["weight"].text(), form.texts["title"].text()) == ("500 г", "Маргарита XL")
    save(screen)
    saved = screen.product("p-1")
    assert (saved.price, saved.weight, saved.title) == (Decimal("3000.00"), "500 г", "Маргарита XL")


def test_a_deleted_dish_leaves_the_list_and_is_found_under_deleted(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    dialog = edit(screen, "p-4")
    dialog.form.deleted.click()
    save(screen)
    assert "Tea" not in screen.titles()
    undo_last(screen)
    assert "Tea" in screen.titles()


def test_categories_are_added_renamed_ordered_coloured_and_deleted(menu: OpenMenu) -> None:
    screen = menu(start_sync=False)
    screen.press("categoriesButton")
    dialog = screen.running.dialog()
    assert isinstance(dialog, CategoriesDialog)

    def names() -> list[str]:
        screen.rest()
        return [item.name for item in categories(screen.store)]

    def row(name: str) -> CategoryRow:
        return next(found for found in dialog.rows if found.item.name == name)

    new = screen.running.find(TextInput, "newCategoryName")
    QTest.keyClicks(new, "Salads")
    QTest.keyClick(new, Qt.Key.Key_Return)
    assert names() == ["Пицца", "Soups", "Drinks", "Salads"]
    row("Soups").name.setText("Hot soups")
    row("Soups").name.editingFinished.emit()
    assert names() == ["Пицца", "Hot soups", "Drinks", "Salads"]
    assert screen.product("p-2").category == "Hot soups"
    screen.press("arrowupCategory", row("Drinks"))
    assert names() == ["Пицца", "Drinks", "Hot soups", "Salads"]
    row("Drinks").colour.setCurrentIndex(row("Drinks").colour.findData("green"))
    row("Drinks").colour.activated.emit(0)
    screen.rest()
    assert next(item.colour for item in categories(screen.store) if item.name == "Drinks") == "green"
    screen.press("trashCategory", row("Hot soups"))
    assert names() == ["Пицца", "Drinks", "Salads"]
    assert screen.product("p-2").category == ""
    row("Drinks").name.setText("Salads")
    row("Drinks").name.editingFinished.emit()
    screen.rest()
    assert "already" in dialog.error.text()
