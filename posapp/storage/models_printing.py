"""The model of the print queue: jobs are rows before the first byte goes to a printer."""

from __future__ import annotations

from peewee import BigAutoField, BooleanField, CharField, ForeignKeyField, IntegerField, TextField

from posapp.storage.fields import UtcField
from posapp.storage.models import Base, Order


class PrintJob(Base):
    """One ticket on its way to one printer; the layout is kept, never the printer's bytes."""

    pk = BigAutoField()
    id = CharField(max_length=36, unique=True)
    order = ForeignKeyField(Order, null=True, column_name="order_pk", on_delete="CASCADE", index=False)
    revision = IntegerField(default=0)  # the order's version that is on it
    section = CharField(max_length=64, default="")  # the part of the kitchen, "" for all of it
    kind = CharField(max_length=16)  # a posapp.domain.tickets.TicketKind
    title = CharField(max_length=200)
    printer = CharField(max_length=64)
    payload = TextField()  # JSON of posapp.printing.document
    facts = TextField(default="")  # JSON of KitchenFacts: what later tickets are compared with
    drawer = BooleanField(default=False)
    again = BooleanField(default=False)  # a person sent it once more after it may have been printed
    copy_of = IntegerField(null=True)
    state = CharField(max_length=16)
    attempts = IntegerField(default=0)
    error = TextField(default="")
    actor = CharField(max_length=128)
    station = CharField(max_length=128)
    created_at = UtcField()
    started_at = UtcField(null=True)
    finished_at = UtcField(null=True)

    class Meta:
        """Name the table and its index."""

        table_name = "print_jobs"
        indexes = ((("order", "pk"), False),)
