"""The models of the log of changes: what was made, apart from the queues that carry it."""

from __future__ import annotations

from peewee import BigAutoField, BigIntegerField, CharField

from posapp.domain.catalogue import WIDTHS
from posapp.storage.fields import UtcField
from posapp.storage.models import Base


class ChangeLog(Base):
    """One row for each of the outbox, written by a trigger; without a reference, so that a loss is seen."""

    seq = BigAutoField()  # of the outbox; none is given twice
    order_pk = BigIntegerField()
    kind = CharField(max_length=16)  # status | fields
    made_at = UtcField()

    class Meta:
        """Name the table and its index."""

        table_name = "change_log"
        indexes = ((("made_at",), False),)


class ProductLog(Base):
    """One row for each of the queue of products, written by a trigger."""

    seq = BigAutoField()  # of product_outbox; none is given twice
    remote = CharField(max_length=64)
    internal_id = CharField(max_length=WIDTHS["internal_id"])
    made_at = UtcField()

    class Meta:
        """Name the table and its index."""

        table_name = "product_log"
        indexes = ((("made_at",), False),)
