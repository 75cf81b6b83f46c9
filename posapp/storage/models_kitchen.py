"""The models of the kitchen: what is ticked, ready and acknowledged, and the categories of dishes."""

from __future__ import annotations

from peewee import BigAutoField, BooleanField, CharField, ForeignKeyField, IntegerField, TextField

from posapp.domain.fields import line_width
from posapp.storage.fields import UtcField
from posapp.storage.models import Base, Order


class KitchenOrder(Base):
    """What the kitchen knows of an order; there is a row once something happened to it there."""

    order = ForeignKeyField(Order, primary_key=True, column_name="order_pk", on_delete="CASCADE")
    revision = IntegerField(default=0)  # counts what changes on the tile without changing the order
    seen = TextField(default="")  # JSON of the lines last acknowledged; "": nothing changed since
    ready_at = UtcField(null=True)
    ready_by = CharField(max_length=128, default="")
    struck = BooleanField(default=False)  # cancelled while it was on the board, and not taken off yet
    started_for = UtcField(null=True)  # the due time for which it was started by itself

    class Meta:
        """Name the table."""

        table_name = "kitchen_orders"


class KitchenTick(Base):
    """One item that a part of the kitchen has made; valid for as many pieces as it says."""

    pk = BigAutoField()
    order = ForeignKeyField(Order, column_name="order_pk", on_delete="CASCADE", index=False)
    line_key = CharField(max_length=64)
    section = CharField(max_length=64, default="")
    quantity = IntegerField()
    at = UtcField()
    actor = CharField(max_length=128)

    class Meta:
        """Name the table and its index."""

        table_name = "kitchen_ticks"
        indexes = ((("order", "line_key", "section"), True),)


class KitchenBump(Base):
    """A part of the kitchen that is done with an order."""

    pk = BigAutoField()
    order = ForeignKeyField(Order, column_name="order_pk", on_delete="CASCADE", index=False)
    section = CharField(max_length=64, default="")
    at = UtcField()
    actor = CharField(max_length=128)

    class Meta:
        """Name the table and its indexes."""

        table_name = "kitchen_bumps"
        indexes = ((("order", "section"), True), (("at",), False))


class DishCategory(Base):
    """The category of a dish, by its id at the shop or, where that is empty, by its title."""

    pk = BigAutoField()
    internal_id = CharField(max_length=line_width("internal_id"), default="")
    title = CharField(max_length=line_width("title"), default="")
    category = CharField(max_length=200)

    class Meta:
        """Name the table and its indexes."""

        table_name = "dish_categories"
        indexes = ((("internal_id", "title"), True), (("title",), False))
