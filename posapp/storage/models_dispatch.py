"""The models of dispatch: couriers, and which order is with whom."""

from __future__ import annotations

from peewee import BigAutoField, BooleanField, CharField, ForeignKeyField, IntegerField

from posapp.storage.fields import UtcField
from posapp.storage.models import Base, Order


class Courier(Base):
    """Somebody who brings orders to customers; a removed one stays for the history."""

    pk = BigAutoField()
    id = CharField(max_length=36, unique=True)
    name = CharField(max_length=80)
    initials = CharField(max_length=4)
    colour = CharField(max_length=16)
    on_duty = BooleanField(default=True)
    duty_at = UtcField(null=True)  # since when
    created_at = UtcField()
    removed_at = UtcField(null=True)
    version = IntegerField(default=1)

    class Meta:
        """Name the table."""

        table_name = "couriers"


class Assignment(Base):
    """An order given to a courier; of each order at most one has not ended.

    It ends when the order comes back or goes to somebody else, and stays when it is delivered: until the cash
    is handed in, that is what the courier owes.
    """

    pk = BigAutoField()
    order = ForeignKeyField(Order, column_name="order_pk", on_delete="CASCADE")
    courier = ForeignKeyField(Courier, column_name="courier_pk", index=False)
    run = CharField(max_length=36)  # the orders that were given in one act
    assigned_at = UtcField()
    ended_at = UtcField(null=True)
    settled_at = UtcField(null=True)  # its cash was handed in
    settlement = CharField(max_length=36, default="")

    class Meta:
        """Name the table and its index."""

        table_name = "assignments"
        indexes = ((("courier", "assigned_at"), False),)
