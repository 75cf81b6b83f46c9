"""Peewee fields for instants and amounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from peewee import BigIntegerField, TextField

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(moment: datetime) -> int:
    """Return microseconds since 1970 (UTC); the moment must be aware."""
    since = moment - _EPOCH
    # Whole numbers by hand: twice as fast as dividing timedeltas, and this runs many times an act.
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_us(value: int) -> datetime:
    """Return the UTC instant of `value` microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)


def maybe_us(moment: datetime | None) -> int | None:
    """Return microseconds, or None for None."""
    return None if moment is None else to_us(moment)


def maybe_at(value: int | None) -> datetime | None:
    """Return the instant, or None for None."""
    return None if value is None else from_us(value)


class UtcField(BigIntegerField):
    """An instant: aware in Python, microseconds since 1970 in the database (exact, sortable, portable)."""

    def db_value(self, value: datetime | int | None) -> int | None:
        """Return the stored form; a naive time is a programming error."""
        if isinstance(value, datetime):
            return to_us(value)
        return value

    def python_value(self, value: int | None) -> datetime | None:
        """Return the aware instant."""
        return None if value is None else from_us(value)


class MoneyField(TextField):
    """An amount as a decimal string, exactly as received or computed."""

    def db_value(self, value: Decimal | str | None) -> str | None:
        """Return the stored text."""
        return None if value is None else str(value)

    def python_value(self, value: str | None) -> Decimal | None:
        """Return the decimal."""
        return None if value is None else Decimal(value)
