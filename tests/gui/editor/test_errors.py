"""What is wrong is shown where it is, in words, and keeps nothing else from being done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from posapp import config_file
from posapp.domain.status import Status
from posapp.ui.editor.rows import NoteLine
from posapp.ui.widgets.chip import Chip
from tests.gui.editor import scene
from tests.gui.editor.conftest import Editing
from tests.support.clipping import find_clipped


def test_leaving_a_field_says_what_is_wrong_with_it_and_not_before(editing: Editing) -> None:
    editing.open(scene.staff(editing.store))
    editing.type("email", "sunita")
    assert editing.note("email") == ""
    editing.key(Qt.Key.Key_Tab)
    assert editing.note("email") == "“sunita” is not an email address. Write it like name@example.com."
    assert editing.field("email").property("invalid")
    editing.type("email", "sunita@example.com")

    assert editing.note("email") == ""
    assert not editing.find(QLineEdit, "editor_email").property("invalid")


def test_saving_with_errors_leads_to_the_first_and_f8_to_the_next(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    before = editing.form(pk)
    editing.open(pk)
    editing.type("shipping_cost", "-1")
    editing.type("district", "Atlantis")
    editing.type("name", "n" * 101)
    editing.save()
    assert editing.is_open()
    assert editing.form(pk) == before
    assert editing.band().startswith("Fix 3 fields to save Name is too long")
    assert editing.focus() is editing.field("name")
    for name in ("district", "shipping_cost", "name"):
        editing.key(Qt.Key.Key_F8)
        assert editing.focus() is editing.field(name)
    editing.write("Sunita")
    editing.type("district", "Dolpa")
    editing.type("shipping_cost", "150")
    assert editing.band() == ""
    editing.save()

    assert not editing.is_open()
    values = editing.form(pk).values
    assert (values["name"], values["district"], values["shipping_cost"]) == ("Sunita", "Dolpa", "150")


def test_what_is_required_is_asked_for_on_saving_also_where_nobody_was(editing: Editing) -> None:
    pk = scene.staff(editing.store, email="", customer_name="")
    editing.open(pk)
    editing.type("phone", "9841000000")
    editing.save()

    assert (editing.note("name"), editing.note("email")) == (
        "Name is missing. Fill it in.",
        "Email is missing. Fill it in.",
    )
    assert editing.form(pk).values["phone"] != "9841000000"


def test_a_strange_number_is_only_a_warning_and_too_many_signs_are_an_error(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    editing.open(pk)
    editing.type("phone", "+977 984 12 555")
    assert editing.note("phone") == "Phone is too short — 10 digits after +977."
    assert not editing.field("phone").property("invalid")
    editing.save()
    assert editing.form(pk).values["phone"] == "+977 984 12 555"
    editing.open(pk)
    editing.type("phone", "9" * 21)
    editing.save()

    assert editing.is_open()
    assert editing.note("phone") == "Phone is too long — 21 characters, 20 fit. Shorten it."


def test_the_servers_words_stand_at_their_field_until_it_is_changed(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    scene.meanwhile(editing.store, pk, district="Dolpa")
    scene.refuse(editing.store, pk, {"district": "district is not served by Mamma Pizza"})
    editing.open(pk)
    assert editing.note("district") == "Server: “district is not served by Mamma Pizza”"
    assert editing.band() == "Fix 1 field to save District was refused by the server at 19:38"
    assert editing.find(Chip, "editorSyncChip").isVisible()
    assert editing.focus() is editing.field("district")
    editing.save()
    assert editing.is_open()
    editing.write("Kaski")
    assert (editing.note("district"), editing.band()) == ("", "")
    editing.save()

    assert editing.form(pk).values["district"] == "Kaski"
    assert editing.form(pk).refused == {}


def test_what_only_saving_refuses_is_shown_at_its_field(
    editing: Editing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules of the screen and of the service are the same; a later version may know more."""
    from posapp.domain.errors import RefusedError
    from posapp.ui.editor import saving

    def refuse(*_given: object, **_named: object) -> None:
        raise RefusedError("Order #1 was not saved.", fields={"city": "City is unknown."})

    pk = scene.staff(editing.store)
    editing.open(pk)
    editing.type("city", "Nowhere")
    monkeypatch.setattr(saving, "save_whole", refuse)
    editing.save()

    assert editing.is_open()
    assert editing.note("city") == "City is unknown."
    assert editing.focus() is editing.field("city")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["internal", "staff"])
def test_everything_is_in_sight_without_scrolling_also_with_all_errors(
    make: Callable[..., Editing], theme: str, kind: str
) -> None:
    editing = make(theme)
    pk = scene.internal(editing.store) if kind == "internal" else scene.staff(editing.store)
    editing.open(pk)
    editing.fits()
    names = ["name", "phone", "street", "city"]
    names += ["level", "apt"] if kind == "internal" else ["email", "addressline", "c_email", "payment_date"]
    for name in names:
        editing.type(name, "x" * 600)
    editing.type("change" if kind == "internal" else "shipping_cost", "-1")
    editing.save()
    assert f"Fix {len(names) + 1} fields" in editing.band()
    editing.fits()
    foot = editing.page.foot.save_button
    assert editing.app.window.rect().contains(foot.mapTo(editing.app.window, foot.rect().bottomRight()))


def test_a_status_that_changed_meanwhile_is_shown(editing: Editing) -> None:
    from posapp.services import orders

    pk = scene.internal(editing.store)
    page = editing.open(pk)
    orders.move(editing.store, pk, Status.COOKING, scene.BERIK)
    editing.bot.waitUntil(lambda: page.head._status.text == "Cooking")

    assert editing.words("unsavedCount") == "No unsaved changes"


def test_in_a_low_window_the_cards_move_closer_together_before_anything_scrolls(editing: Editing) -> None:
    editing.app.window.resize(1366, 740)
    editing.open(scene.staff(editing.store))
    editing.fits()
    for name in ("name", "street", "shipping_cost"):
        editing.type(name, "x" * 600)
    editing.type("district", "Atlantis")
    editing.save()
    editing.fits()
    for name in ("name", "street", "district"):
        line, field = editing.find(NoteLine, f"note_{name}"), editing.field(name)
        shift = line.mapTo(editing.page, QPoint()).x() - field.mapTo(editing.page, QPoint()).x()
        assert shift == 0, name


@pytest.mark.parametrize("kind", ["internal", "staff"])
def test_with_large_letters_no_field_is_hidden_behind_the_lines(
    qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    config_file.save_setting(tmp_path, "look", "text_scale", 150)
    clock = scene.ChosenClock()
    app = scene.start(tmp_path, clock)
    with qtbot.waitExposed(app.window):
        app.window.show()
    editing = Editing(app, qtbot, clock)
    editing.open(scene.internal(editing.store) if kind == "internal" else scene.staff(editing.store))
    for name in ("name", "phone"):
        editing.type(name, "x" * 600)
    editing.save()
    area = editing.find(QScrollArea, "editorFields")

    def all_within_reach() -> None:
        assert find_clipped(app.window) == []
        widget = area.widget()
        assert widget is not None
        assert widget.width() == area.viewport().width()  # it only scrolls up and down

    qtbot.waitUntil(all_within_reach)
    app.close()


def test_what_the_shop_says_of_a_line_stands_at_the_lines(editing: Editing) -> None:
    pk = scene.staff(editing.store)
    page = editing.open(pk)
    page.lines.items[1].stepper.setValue(2)
    editing.save()
    scene.refuse(editing.store, pk, {"cart.1.product": "Enter a valid URL."})
    editing.open(pk)

    assert editing.note("cart") == "Server: “Line 2: Enter a valid URL.”"
    assert editing.band() == "Fix 1 field to save A line was refused by the server at 19:38"
