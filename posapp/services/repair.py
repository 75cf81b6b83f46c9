"""What the database keeps twice, found wrong by the doctor and made anew from the orders themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.domain.people import Right
from posapp.domain.timing import urgency
from posapp.domain.who import Who
from posapp.services.permits import vouch
from posapp.services.steps import read_facts, refresh_sync
from posapp.storage.backup import BackupReport
from posapp.storage.checks import count_problems
from posapp.storage.derived import (
    index_anew,
    misnumbered,
    misplaced,
    missynced,
    recount,
    renumber,
    search_problems,
)
from posapp.storage.feed import ALL_TOPICS
from posapp.storage.reader import Reader
from posapp.storage.store import Store, Transaction
from posapp.storage.upkeep import back_up_before

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Derived:
    """Something that follows from the orders: what is wrong with it, and how it is made anew."""

    name: str
    fine: str
    find: Callable[[Reader], list[str]]
    make: Callable[[Transaction], None]


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was wrong, and is not any more."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What was repaired; without anything to repair, or on a server, there is no backup."""

    repaired: tuple[Repaired, ...]
    backup: BackupReport | None


def _named(found: list[tuple[int, str]], words: str) -> list[str]:
    codes = ", ".join(f"#{code}" for _, code in found[:_NAMED])
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    return [f"{codes}{more} {words}"] if found else []


def _place(tx: Transaction) -> None:
    for pk, _ in misplaced(tx):
        facts = read_facts(tx, pk)
        key = urgency(facts.status, facts.moments, facts.planned_at or facts.due_at)
        tx.execute("UPDATE orders SET urgency = ? WHERE pk = ?", (key, pk))


def _sync(tx: Transaction) -> None:
    for pk, _ in missynced(tx):
        refresh_sync(tx, pk)


PARTS: tuple[Derived, ...] = (
    Derived("counters", "The counts agree with the orders.", count_problems, recount),
    Derived("search index", "Every order is found by what is in it.", search_problems, index_anew),
    Derived(
        "active orders",
        "Every order is where its status belongs.",
        lambda reader: _named(misplaced(reader), "are in the wrong list"),
        _place,
    ),
    Derived(
        "sync marks",
        "Every order shows what its changes say.",
        lambda reader: _named(missynced(reader), "show another state than their changes"),
        _sync,
    ),
    Derived(
        "order numbers",
        "The next numbers are free.",
        lambda reader: [f"the next number of {prefix} was given already" for prefix in misnumbered(reader)],
        renumber,
    ),
)


def repair(store: Store, who: Who, *, origin: str = "") -> RepairReport:
    """Make anew what does not agree with the orders, after a verified backup; slow.

    Each part is one transaction with its entry in the audit. Raises StorageError when the backup fails; then
    nothing was changed.
    """
    vouch(store, who, Right.RESTORE)
    if not any(part.find(store) for part in PARTS):
        return RepairReport((), None)
    backup = back_up_before(store, "repair") if store.dialect.name == "sqlite" else None
    done: list[Repaired] = []
    for part in PARTS:
        with store.write(origin) as tx:
            # In the transaction: what it says is what is mended.
            problems = part.find(tx)
            if not problems:
                continue
            part.make(tx)
            detail = "; ".join(problems)
            tx.event(None, "repaired", who, {"what": part.name, "detail": detail})
            tx.touch(None, *ALL_TOPICS)
        done.append(Repaired(part.name, detail))
    return RepairReport(tuple(done), backup)
