"""The model of the audit's chain: a hash over each entry and the one before it, per station."""

from __future__ import annotations

from peewee import BigIntegerField, BlobField, CharField

from posapp.storage.models import Base


class AuditLink(Base):
    """The link of one entry; without a reference, so that an entry that vanished is missed."""

    event_pk = BigIntegerField(primary_key=True)
    station = CharField(max_length=128)
    digest = BlobField()  # SHA-256

    class Meta:
        """Name the table and its index."""

        table_name = "audit_chain"
        indexes = ((("station", "event_pk"), False),)
