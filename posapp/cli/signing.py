"""Who acts on the command line: the system's user or, once people work here, whoever's PIN is given."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING, Protocol

from posapp.domain.errors import RefusedError, UsageError
from posapp.domain.people import SignInNeededError
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.storage.people import StaffRow, has_staff, staff

if TYPE_CHECKING:
    from posapp.config import Config
    from posapp.storage.store import Store


_LONGEST_LINE = 100
_REMEDY = "Give --as NAME, and the PIN at the question or with --pin-stdin."


class Asked(Protocol):
    """What is asked of the run of a command."""

    options: argparse.Namespace

    @property
    def config(self) -> Config:
        """Return the settings."""

    @property
    def store(self) -> Store:
        """Return the database, opened."""


def signed_in_here(session: Asked) -> Who:
    """Return who acts; where people work, that needs a PIN."""
    station, options = session.config.station, session.options
    if not has_staff(session.store):
        if options.person or options.pin_stdin:
            raise RefusedError("Nobody works here yet.", remedy="Leave --as and --pin-stdin out.")
        return Who(system_user() or station, station)
    from posapp.services import people  # hashing is not needed where nobody signs in

    if not options.person:
        return people.sign_in_by_pin(session.store, _pin(session, "PIN: "), station).who
    person = named(session, options.person)
    return people.sign_in(session.store, person.id, _pin(session, f"PIN of {person.name}: "), station).who


def named(session: Asked, name: str) -> StaffRow:
    """Return the person of this name; raise RefusedError listing who works here."""
    everybody = staff(session.store)
    wanted = clean_line(name).casefold()
    for one in everybody:
        if one.name.casefold() == wanted:
            return one
    known = ", ".join(one.name for one in everybody) or "nobody yet"
    raise RefusedError(f"Nobody called “{clean_line(name)[:60]}” works here.", f"Here work: {known}.")


def read_pin(question: str) -> str:
    """Return a PIN from the terminal without showing it, or a line of standard input."""
    if sys.stdin is None or sys.stdin.closed:
        raise UsageError("There is no PIN.", remedy="Write it to standard input.")
    if sys.stdin.isatty():
        return getpass.getpass(question)
    stream = getattr(sys.stdin, "buffer", None)  # what follows is another reader's
    line = (
        stream.readline(_LONGEST_LINE) if stream is not None else sys.stdin.readline(_LONGEST_LINE).encode()
    )
    return bytes(line).decode("utf-8", "replace").strip()


def on_terminal() -> bool:
    """Tell whether a person types here."""
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def system_user() -> str:
    """Return the operating system's user, "" for one without a name."""
    try:
        return clean_line(getpass.getuser())
    except (OSError, KeyError, ImportError):
        return ""


def _pin(session: Asked, question: str) -> str:
    if not session.options.pin_stdin and not on_terminal():
        raise SignInNeededError("People work here: this needs a PIN.", "Nothing was changed.", _REMEDY)
    return read_pin(question)
