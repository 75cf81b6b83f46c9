"""Edits of an order: what is saved, what is refused, what becomes of the status, and the way back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.errors import RefusedError
from posapp.domain.received import RemoteLine
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.domain.who import Who
from posapp.services import orders
from posapp.services.edit_form import read_form
from posapp.services.edits import EditedMeanwhileError, save, undo_save
from posapp.services.intake import Source, take_in
from posapp.services.line_edits import LineEdit
from posapp.storage.details import order_detail, queue_rows
from posapp.storage.queries import order_page
from posapp.storage.rows import OrderFilter
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, SOURCE, remote_order, set_rows

BERIK = Who("berik", "counter-2")
ZONE = ZoneInfo("Asia/Almaty")
STAFF = Source("kathmandu", "staff", "NPR")
ADDRESS = {"street": "25", "city": "Kathmandu", "district": "Baglung", "email": "a@shop.example", "apt": ""}


def internal(store: Store, **changes: Any) -> int:
    return take_in(store, SOURCE, [remote_order("r1", **changes)], "counter-1").seen[0][0]


def staff(store: Store, **changes: Any) -> int:
    order = remote_order("12", code="1d07", home="", **{**ADDRESS, **changes})
    return take_in(store, STAFF, [order], "counter-1").seen[0][0]


def edit(store: Store, pk: int, who: Who = ANNA, **values: str) -> Any:
    return save(store, pk, values, who, ZONE)


def status(store: Store, pk: int) -> str:
    return read_form(store, pk).status.value


def queue(store: Store, pk: int) -> list[tuple[str, str]]:
    return [(row.what, row.state) for row in queue_rows(store, order_pk=pk)]


def test_a_save_writes_the_order_its_history_and_its_queue_in_one(store: Store) -> None:
    pk = staff(store)
    saved = edit(store, pk, phone="9800000001", name="Sunita")
    assert set(saved.fields) == {"phone", "name"}
    detail = order_detail(store, pk, Targets(15, 10))
    assert detail is not None
    assert (detail.row.phone, detail.row.customer_name, detail.phone_digits) == (
        "9800000001",
        "Sunita",
        "9800000001",
    )
    assert (detail.row.sync, queue(store, pk)) == ("pending", [("phone, name", "pending")])
    assert [event.actor for event in detail.events if event.kind == "edited"] == ["anna"]


def test_what_is_not_valid_is_named_and_nothing_is_saved(store: Store) -> None:
    pk = staff(store)
    before = read_form(store, pk)
    with pytest.raises(RefusedError) as refused:
        edit(store, pk, phone="1", district="Atlantis", street="x" * 251)
    assert set(refused.value.fields) == {"district", "street"}
    assert read_form(store, pk) == before
    assert queue(store, pk) == []


def test_saving_what_is_there_already_writes_nothing(store: Store) -> None:
    pk = staff(store)
    before = read_form(store, pk)
    assert edit(store, pk, city=" Kathmandu ").fields == ()
    assert read_form(store, pk) == before


def test_two_people_editing_different_fields_both_keep_theirs(store: Store) -> None:
    pk = staff(store)
    seen = read_form(store, pk).values
    save(store, pk, {"phone": "9800000001"}, ANNA, ZONE, base=seen)
    save(store, pk, {"city": "Pokhara"}, BERIK, ZONE, base=seen)
    values = read_form(store, pk).values
    assert (values["phone"], values["city"]) == ("9800000001", "Pokhara")


def test_the_same_field_edited_by_two_people_is_shown_and_not_overwritten(store: Store) -> None:
    pk = staff(store)
    seen = read_form(store, pk).values
    save(store, pk, {"phone": "9800000001"}, ANNA, ZONE, base=seen)
    with pytest.raises(EditedMeanwhileError) as meanwhile:
        save(store, pk, {"phone": "9800000002", "city": "Pokhara"}, BERIK, ZONE, base=seen)
    assert meanwhile.value.theirs == {"phone": "9800000001"}
    values = read_form(store, pk).values
    assert (values["phone"], values["city"]) == ("9800000001", "Kathmandu")


def test_the_search_finds_an_order_by_what_it_was_edited_to(store: Store) -> None:
    pk = staff(store)
    edit(store, pk, phone="9841 555 777", street="Thamel Marg")
    for words in ("555777", "Thamel"):
        found = order_page(store, OrderFilter(tab=None, search=words), Targets(15, 10)).rows
        assert [row.pk for row in found] == [pk]


# ------------------------------------------------------------------------------ the status “edited”


@pytest.mark.parametrize(
    ("steps", "change", "after"),
    [
        ((), {"street": "Abay"}, "edited"),
        (("accepted",), {"street": "Abay"}, "edited"),
        (("accepted",), {"comment": "No onions"}, "edited"),
        (("accepted",), {"phone": "+7 701 000 00 00"}, "accepted"),
        (("accepted", "cooking"), {"street": "Abay"}, "cooking"),
        (("accepted", "cooking", "ondelivery", "delivered"), {"street": "Abay"}, "delivered"),
    ],
)
def test_an_edit_of_contents_or_delivery_before_cooking_makes_an_internal_order_edited(
    store: Store, steps: tuple[str, ...], change: dict[str, str], after: str
) -> None:
    pk = internal(store)
    for step in steps:
        orders.move(store, pk, Status(step), ANNA)
    save(store, pk, change, ANNA, ZONE)
    assert status(store, pk) == after


@pytest.mark.parametrize(("steps", "after"), [((), "created"), (("accepted",), "edited")])
def test_a_new_order_of_a_staff_shop_stays_new(store: Store, steps: tuple[str, ...], after: str) -> None:
    pk = staff(store)
    for step in steps:
        orders.move(store, pk, Status(step), ANNA)
    edit(store, pk, city="Pokhara")
    assert status(store, pk) == after


# ------------------------------------------------------------------------------------------ undo


def test_a_whole_save_is_taken_back_with_its_status_and_its_queue(store: Store) -> None:
    pk = staff(store)
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    before = read_form(store, pk)
    edit(store, pk, city="Pokhara", phone="9800000001")
    assert status(store, pk) == "edited"
    undo_save(store, pk, ANNA)
    after = read_form(store, pk)
    assert (after.values, after.status) == (before.values, before.status)
    assert [state for what, state in queue(store, pk) if what == "city, phone"] == ["superseded"]
    with pytest.raises(RefusedError):
        undo_save(store, pk, ANNA)


def test_undo_leaves_what_somebody_changed_since(store: Store) -> None:
    pk = staff(store)
    edit(store, pk, city="Pokhara", phone="9800000001")
    save(store, pk, {"phone": "9800000009"}, BERIK, ZONE)
    undo_save(store, pk, BERIK)
    values = read_form(store, pk).values
    assert (values["city"], values["phone"]) == ("Pokhara", "9800000001")
    undo_save(store, pk, ANNA)
    values = read_form(store, pk).values
    assert (values["city"], values["phone"]) == ("Kathmandu", "+7 701 234-18-06")


# ----------------------------------------------------------------------------------------- lines


def test_lines_change_their_quantity_go_and_come(store: Store) -> None:
    line = RemoteLine("Momo", 1, Decimal("400.00"), Decimal("400.00"), product="http://shop.example/momo/")
    other = RemoteLine("Lassi", 2, Decimal("90.00"), Decimal("180.00"))
    pk = staff(store, lines=(line, other))
    new = LineEdit(3, title="Naan", unit_price=Decimal("50.00"), product="http://shop.example/naan/")
    save(store, pk, {}, ANNA, ZONE, lines=[LineEdit(2, place=0), new])
    form = read_form(store, pk)
    assert [(item.title, item.quantity, item.total) for item in form.lines] == [
        ("Momo", 2, Decimal("800.00")),
        ("Naan", 3, Decimal("150.00")),
    ]
    assert form.total == Decimal("2600.00"), "the remote's total stays as received"
    assert queue(store, pk) == [("cart", "pending")]
    undo_save(store, pk, ANNA)
    assert [(item.title, item.quantity) for item in read_form(store, pk).lines] == [("Momo", 1), ("Lassi", 2)]
    assert queue(store, pk) == [("cart", "superseded")]


@pytest.mark.parametrize(
    "line",
    [LineEdit(0, place=0), LineEdit(10_000, place=0), LineEdit(1, place=5), LineEdit(1, title=" ")],
)
def test_a_line_that_makes_no_sense_is_refused(store: Store, line: LineEdit) -> None:
    pk = staff(store)
    before = read_form(store, pk)
    with pytest.raises(RefusedError) as refused:
        save(store, pk, {"phone": "9800000001"}, ANNA, ZONE, lines=[line])
    assert list(refused.value.fields) in (["line.1.quantity"], ["line.1.title"])
    assert read_form(store, pk) == before


# ---------------------------------------------------------------------------- pulls beside edits


def test_a_pull_takes_nothing_away_from_an_edit_that_is_not_sent_yet(store: Store) -> None:
    pk = staff(store)
    edit(store, pk, phone="9800000001", street="New Road")
    order = remote_order("12", code="1d07", home="", **{**ADDRESS, "city": "Pokhara"})
    take_in(store, STAFF, [order], "counter-1")
    form = read_form(store, pk)
    assert (form.values["phone"], form.values["street"]) == ("9800000001", "New Road")
    detail = order_detail(store, pk, Targets(15, 10))
    assert detail is not None
    assert detail.row.address.startswith("New Road")


def test_an_edit_behind_a_refused_step_goes_out_once_that_step_is_undone(store: Store) -> None:
    pk = staff(store)
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    set_rows(store, pk, "parked", last_class="refused", last_error="No.")
    edit(store, pk, phone="9800000001")
    assert [state for _, state in queue(store, pk)] == ["parked", "parked"]

    orders.undo(store, pk, ANNA)
    assert sorted(state for _, state in queue(store, pk)) == ["pending", "superseded"]
    detail = order_detail(store, pk, Targets(15, 10))
    assert detail is not None
    assert detail.row.sync == "pending"
