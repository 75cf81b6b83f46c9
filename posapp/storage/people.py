"""Reading the people who work here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posapp.domain.people import Role
from posapp.storage.fields import from_us
from posapp.storage.reader import Reader

_STAFF = "SELECT pk, id, name, role, colour, version, created_at FROM staff WHERE removed_at IS NULL"


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Somebody who works here."""

    pk: int
    id: str
    name: str
    role: Role
    colour: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that has not ended."""

    id: str
    station: str
    person: StaffRow
    at: datetime


def _row(found: tuple[Any, ...]) -> StaffRow:
    pk, person_id, name, role, colour, version, created_at = found
    return StaffRow(pk, person_id, name, Role(role), colour, version, from_us(created_at))


def staff(reader: Reader) -> tuple[StaffRow, ...]:
    """Return everybody who works here, by name."""
    return tuple(_row(found) for found in reader.all(f"{_STAFF} ORDER BY lower(name), pk"))


def has_staff(reader: Reader) -> bool:
    """Tell whether people sign in at this shop."""
    return reader.one("SELECT 1 FROM staff WHERE removed_at IS NULL LIMIT 1") is not None


def person(reader: Reader, person_id: str) -> StaffRow | None:
    """Return one person, None when there is none (any more)."""
    found = reader.one(f"{_STAFF} AND id = ?", (person_id,))
    return _row(found) if found else None


def token_mark(token: str) -> str:
    """Return what is kept of a sign-in's token: enough to know it again, nothing to sign in with."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def signed_in(reader: Reader, sign_in: str) -> SignedIn | None:
    """Return a sign-in, None once it has ended."""
    found = reader.one(
        "SELECT sign_ins.station, sign_ins.at, staff.id FROM sign_ins "
        "JOIN staff ON staff.pk = sign_ins.staff_pk WHERE sign_ins.id = ? AND sign_ins.ended_at IS NULL",
        (token_mark(sign_in),),
    )
    who = person(reader, found[2]) if found else None
    return SignedIn(sign_in, found[0], who, from_us(found[1])) if found and who else None
