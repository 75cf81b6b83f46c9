"""The model of acts that must not be done twice: those a station may have to bring in once more."""

from __future__ import annotations

from peewee import BigIntegerField, CharField

from posapp.storage.models import Base


class KeptAct(Base):
    """An act that arrived; noted in its own transaction, where several stations share a database."""

    id = CharField(max_length=36, primary_key=True)
    station = CharField(max_length=128)
    at = BigIntegerField(index=True)  # microseconds

    class Meta:
        """Name the table."""

        table_name = "kept_acts"
