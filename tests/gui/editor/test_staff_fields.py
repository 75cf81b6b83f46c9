"""Every field that the staff API lets write stands in the editor, and the rest has a place of its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from posapp.domain.rules import editable_names
from posapp.remote.staff_write import encoded_fields, field_rules
from posapp.ui.editor.layout import field_names
from posapp.ui.widgets.segmented import Segmented
from tests.gui.editor import scene
from tests.gui.editor.conftest import Editing
from tests.unit.domain.test_rules_seed import SEED

# Writable at the shop, and edited elsewhere: the status by its steps, the cart by its lines. When it was
# ordered, and by which account, no edit changes.
ELSEWHERE = {"order_status", "delivery_status", "cart", "order_date", "customer"}


def test_each_writable_field_of_the_seed_can_be_edited_and_sent() -> None:
    # The table of the seed leaves out the account, which stands in its example of a body.
    table = {line.split()[0].split("|")[0] for line in SEED.split("\n") if line and "read only" not in line}
    writable = {re.split(r"[`| ]", name)[0] for name in table} | {"customer"}
    editable = writable - ELSEWHERE
    assert len(editable) == 17
    assert set(field_names("staff")) == editable
    assert set(editable_names("staff")) == editable
    assert set(field_rules()) == editable
    assert set(encoded_fields(dict.fromkeys(editable, ""))) == editable


def test_the_dates_of_an_order_are_typed_shown_and_emptied(editing: Editing) -> None:
    pk = scene.staff(editing.store, paid_at=datetime(2026, 3, 4, 8, 45, tzinfo=UTC))
    editing.open(pk)
    assert editing.field("payment_date").text() == "2026-03-04 14:30"
    editing.type("payment_date", "")
    editing.type("shipping_date", "2026-03-07 18:15")
    editing.type("delivery_date", "20:15")
    editing.fits()
    editing.save()

    values = editing.form(pk).values
    assert (values["shipping_date"], values["delivery_date"], values["payment_date"]) == (
        "2026-03-07T12:30:00Z",
        "2026-03-05T14:30:00Z",
        "",
    )
    editing.open(pk)
    editing.type("shipping_date", "soon")
    editing.save()
    assert editing.note("shipping_date").endswith("Write it like 2026-03-05 14:30.")
    editing.fits()


def test_the_one_way_to_pay_of_a_staff_shop_can_be_chosen(editing: Editing) -> None:
    pk = scene.staff(editing.store, payment_method="card")
    editing.open(pk)
    editing.click(editing.find(Segmented, "editor_payment_method").segments[0])
    editing.save()

    assert editing.form(pk).values["payment_method"] == "0"
