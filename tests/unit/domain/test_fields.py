"""The table of texts is what the models and the formats go by."""

from __future__ import annotations

from peewee import CharField, Model

from posapp.domain.fields import LINE_FIELDS, ORDER_FIELDS, FieldRule
from posapp.storage.models import Order, OrderLine
from tests.unit.remote.samples import order, read_rows


def differing(model: type[Model], rules: dict[str, FieldRule]) -> dict[str, tuple[int, int]]:
    columns = model._meta.fields
    return {
        name: (columns[name].max_length, rule.length)
        for name, rule in rules.items()
        if isinstance(columns.get(name), CharField) and columns[name].max_length != rule.length
    }


def test_every_column_is_as_wide_as_the_table_says() -> None:
    assert differing(Order, ORDER_FIELDS) == {}
    assert differing(OrderLine, LINE_FIELDS) == {}


def test_what_a_stranger_sends_fits_the_columns_and_stays_whole_in_raw() -> None:
    long = "ы" * 12_000
    changes: dict[str, object] = {"delivery.address_home": long, "customer.name": long}
    (read,) = read_rows(order(comment=long, brand=long, change=long, **changes)).orders

    for name in ("comment", "brand", "change_from", "home", "customer_name"):
        assert len(getattr(read, name)) == ORDER_FIELDS[name].length
    assert read.raw.count(long) == 5
