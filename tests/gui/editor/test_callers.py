"""Who called before, while the number is typed."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.gui.editor import scene
from tests.gui.editor.conftest import Editing


def called_before(editing: Editing) -> int:
    """Take in an earlier order of Ram's and an empty one that is edited."""
    scene.internal(
        editing.store,
        remote_id="1",
        code="1",
        customer_name="Ram Thapa",
        phone="9779841234567",
        street="Lazimpat",
        home="5",
        apt="",
        entrance="",
        level="",
        city="Kathmandu",
        address="Lazimpat 5",
        comment="Ring twice",
    )
    return scene.internal(editing.store, customer_name="", phone="", comment="", customer_remote_id="8")


def test_an_address_to_reuse_fills_the_fields_and_merges_nothing(editing: Editing) -> None:
    pk = called_before(editing)
    customers = editing.store.all("SELECT pk, name, phone_digits FROM customers ORDER BY pk")
    editing.open(pk)
    editing.type("phone", "98412")
    editing.bot.wait(200)
    editing.rest()
    (option,) = editing.dropped("customerList").options
    assert option.text == "Lazimpat 5"
    assert option.more == "Ram Thapa · 9779841234567 · 1 order · last on 5 Mar 2026 · “Ring twice”"
    editing.key(Qt.Key.Key_Down)
    editing.key(Qt.Key.Key_Return)
    got = {name: editing.field(name).text() for name in ("name", "phone", "street", "home", "apt", "city")}
    assert got == {
        "name": "Ram Thapa",
        "phone": "9779841234567",
        "street": "Lazimpat",
        "home": "5",
        "apt": "",
        "city": "Kathmandu",
    }
    assert editing.field("comment").text() == ""
    editing.save()

    assert editing.store.all("SELECT pk, name, phone_digits FROM customers ORDER BY pk") == customers


def test_escape_closes_the_list_and_not_the_editor(editing: Editing) -> None:
    editing.open(called_before(editing))
    editing.type("phone", "4567")
    editing.bot.wait(200)
    editing.rest()
    listed = editing.dropped("customerList")
    editing.key(Qt.Key.Key_Escape)

    assert not listed.isVisible()
    assert editing.is_open()
    assert editing.field("name").text() == ""
