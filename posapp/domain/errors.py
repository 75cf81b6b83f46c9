"""Expected failures, as sentences for people: what happened, why, and what to do."""

from __future__ import annotations

from collections.abc import Mapping


class PosError(Exception):
    """A failure that is no bug: a title, a detail, a remedy and, for input, the fields it concerns."""

    exit_code = 3

    def __init__(
        self, title: str, detail: str = "", remedy: str = "", fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.remedy = remedy
        self.fields: dict[str, str] = dict(fields or {})

    def __str__(self) -> str:
        """Return the whole message as one line of sentences."""
        return " ".join(part for part in (self.title, self.detail, self.remedy) if part)


class RefusedError(PosError):
    """An act that the rules forbid, or input that is not valid (exit code 3)."""


class UnknownOrderError(RefusedError):
    """No order, or more than one, answers to the given name."""


class StaleOrderError(RefusedError):
    """Somebody else changed the order since it was read."""


class UsageError(PosError):
    """Bad usage of the command line or a broken settings file (exit code 2)."""

    exit_code = 2


class NeedsPersonError(PosError):
    """Something waits for a person: a conflict, a refusal, a sign-in (exit code 5)."""

    exit_code = 5


class StorageError(PosError):
    """The data directory or the database cannot be used (exit code 6)."""

    exit_code = 6


class DatabaseAwayError(StorageError):
    """The database server does not answer; nothing was written."""


class UncertainError(DatabaseAwayError):
    """The database server went away while it was saving: nobody knows what became of it."""
