"""The models of the people who work here: staff, their sign-ins, approvals, and wrong PINs."""

from __future__ import annotations

from peewee import BigAutoField, CharField, ForeignKeyField, IntegerField

from posapp.storage.fields import UtcField
from posapp.storage.models import Base


class Staff(Base):
    """Somebody who works here; a removed person stays for the history."""

    pk = BigAutoField()
    id = CharField(max_length=36, unique=True)
    name = CharField(max_length=80)
    role = CharField(max_length=16)
    colour = CharField(max_length=16, default="")
    pin_hash = CharField(max_length=200)  # argon2id, as a PHC string
    version = IntegerField(default=1)
    created_at = UtcField()
    removed_at = UtcField(null=True)

    class Meta:
        """Name the table."""

        table_name = "staff"


class SignIn(Base):
    """The time that a person works at a station, from the PIN to the lock; acts name it."""

    pk = BigAutoField()
    id = CharField(max_length=36, unique=True)
    staff = ForeignKeyField(Staff, column_name="staff_pk", index=False)
    station = CharField(max_length=128)
    at = UtcField()
    ended_at = UtcField(null=True)

    class Meta:
        """Name the table and its index."""

        table_name = "sign_ins"
        indexes = ((("staff", "at"), False),)


class Approval(Base):
    """A manager's PIN for one act of somebody else's sign-in; used once, and soon."""

    pk = BigAutoField()
    sign_in = ForeignKeyField(SignIn, column_name="sign_in_pk", index=False)
    right = CharField(max_length=16, column_name="act")
    manager = ForeignKeyField(Staff, column_name="manager_pk", index=False)
    at = UtcField()
    until = UtcField()
    used_at = UtcField(null=True)

    class Meta:
        """Name the table and its index."""

        table_name = "approvals"
        indexes = ((("sign_in", "right"), False),)


class PinFailure(Base):
    """Wrong PINs in a row, of a person or, where no person was named, of a station."""

    scope = CharField(max_length=140, primary_key=True)
    failures = IntegerField()
    last_at = UtcField()
    wait_until = UtcField(null=True)

    class Meta:
        """Name the table."""

        table_name = "pin_failures"
