"""Who called before: customers by what is typed of their telephone number, with what their orders say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.text import digits_of
from posapp.storage.fields import from_us
from posapp.storage.reader import Reader, number_of

FEWEST_DIGITS = 4
MOST_HITS = 5
_NATIONAL_DIGITS = 10  # what stands before them is a country's code or a trunk prefix
_BEFORE = ("977", "7", "8")
_MOST_COUNTED = 999
_LOOKED_THROUGH = 20  # of a customer's orders, for addresses and notes
_MOST_ADDRESSES = 3
_NEWEST_FOUND = 400
ADDRESS_FIELDS = ("street", "home", "apt", "entrance", "level", "addressline", "city", "district")
_ORDERS_OF = (
    f"SELECT customer_name, phone, created_at, comment, address, {', '.join(ADDRESS_FIELDS)} FROM orders "  # noqa: S608 - our own column names
    "WHERE phone_digits = ? AND pk <> ? ORDER BY pk DESC LIMIT ?"
)
_FIRST = (
    "SELECT phone_digits FROM orders WHERE phone_digits >= ? AND phone_digits < ? "
    "ORDER BY phone_digits LIMIT 1"
)
_NEXT = _FIRST.replace(">=", ">", 1)
_ENDING = "SELECT phone_digits FROM orders WHERE {} AND phone_digits LIKE ? ORDER BY pk DESC"


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """An address of an earlier order: on one line, and its parts by field."""

    text: str
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CustomerHit:
    """A telephone number that ordered before."""

    digits: str
    phone: str  # as it was written last
    name: str
    orders: int
    last_at: datetime
    addresses: tuple[KnownAddress, ...]  # the last ones first
    note: str  # what the last order with a comment said


def find_customers(
    reader: Reader, typed: str, *, but_not: int = 0, limit: int = MOST_HITS
) -> tuple[CustomerHit, ...]:
    """Return who has a number that begins or ends with these digits; the order `but_not` does not count.

    Fewer than four digits find nobody.
    """
    digits = digits_of(typed)
    if len(digits) < FEWEST_DIGITS:
        return ()
    found: dict[str, CustomerHit] = {}
    for number in _numbers(reader, digits, limit + 1):
        if number not in found and (hit := _hit(reader, number, but_not)) is not None:
            found[number] = hit
        if len(found) == limit:
            break
    return tuple(found.values())


def _numbers(reader: Reader, digits: str, limit: int) -> Iterator[str]:
    none = True
    for begun in _spellings(digits):
        for number in _beginning(reader, begun, limit):
            none = False
            yield number
    # Whoever has typed nearly all of a number means it from its beginning.
    if none or len(digits) < _NATIONAL_DIGITS - 1:
        yield from _ending(reader, digits)


def _spellings(digits: str) -> tuple[str, ...]:
    """Return what is typed as it may be stored: with and without what stands before a national number."""
    known = [code for code in _BEFORE if digits.startswith(code) and len(digits) >= len(code) + FEWEST_DIGITS]
    return (digits, *(digits.removeprefix(code) for code in known), *(code + digits for code in _BEFORE))


def _beginning(reader: Reader, digits: str, limit: int) -> list[str]:
    """Hop along the index from number to number, past all orders of one."""
    numbers: list[str] = []
    row = reader.one(_FIRST, (digits, digits + ":"))
    while row is not None:
        numbers.append(row[0])
        row = reader.one(_NEXT, (row[0], digits + ":")) if len(numbers) < limit else None
    return numbers


def _ending(reader: Reader, digits: str) -> list[str]:
    end = digits[-_NATIONAL_DIGITS:]
    holding = reader.dialect.matching_phone(end, _NEWEST_FOUND)
    rows = reader.all(_ENDING.format(holding.sql), (*holding.params, f"%{end}"))
    return list(dict.fromkeys(row[0] for row in rows))


def _hit(reader: Reader, number: str, but_not: int) -> CustomerHit | None:
    rows = reader.all(_ORDERS_OF, (number, but_not, _LOOKED_THROUGH))
    if not rows:
        return None
    count = number_of(
        reader,
        "SELECT count(*) FROM (SELECT 1 FROM orders WHERE phone_digits = ? AND pk <> ? LIMIT ?) AS found",
        (number, but_not, _MOST_COUNTED),
    )
    addresses: dict[str, KnownAddress] = {}
    for row in rows:
        parts = {name: text for name, text in zip(ADDRESS_FIELDS, row[5:], strict=True) if text}
        if row[4] and parts:
            addresses.setdefault(row[4], KnownAddress(row[4], parts))
    return CustomerHit(
        digits=number,
        phone=rows[0][1],
        name=next((row[0] for row in rows if row[0]), ""),
        orders=count,
        last_at=from_us(rows[0][2]),
        addresses=tuple(addresses.values())[:_MOST_ADDRESSES],
        note=next((row[3] for row in rows if row[3]), ""),
    )
