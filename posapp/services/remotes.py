"""What is known of each remote's connection, kept in the database so that every process shows the same."""

from __future__ import annotations

from datetime import datetime

from posapp.services import calls
from posapp.storage.feed import Topic
from posapp.storage.fields import maybe_at, to_us
from posapp.storage.shopinfo import forget_rows
from posapp.storage.store import Store


def note_ok(store: Store, name: str, *, pulled: bool, skew_s: int | None = None, origin: str = "") -> None:
    """Record that a remote answered well."""
    with store.write(origin) as tx:
        now = to_us(tx.now)
        tx.execute(
            "INSERT INTO remotes(name, last_ok_at, last_pull_at, trouble, detail, sign_in, clock_skew_s) "
            "VALUES (?1, ?2, ?3, '', '', 0, ?4) ON CONFLICT(name) DO UPDATE SET last_ok_at = ?2, "
            "last_pull_at = coalesce(?3, remotes.last_pull_at), trouble_since = NULL, trouble = '', "
            "detail = '', "
            "sign_in = 0, clock_skew_s = coalesce(?4, remotes.clock_skew_s)",
            (name, now, now if pulled else None, skew_s),
        )
        tx.touch(None, Topic.REMOTES)


def note_trouble(store: Store, name: str, trouble: str, detail: str, *, origin: str = "") -> None:
    """Record what is wrong with a remote.

    `sign_in` troubles stay until a good answer or a new secret: a shop that cannot be reached either still
    wants a key.
    """
    with store.write(origin) as tx:
        tx.execute(
            "INSERT INTO remotes(name, trouble_since, trouble, detail, sign_in) VALUES (?1, ?2, ?3, ?4, ?5) "
            "ON CONFLICT(name) DO UPDATE SET trouble_since = coalesce(remotes.trouble_since, ?2), "
            "trouble = CASE WHEN remotes.sign_in > ?5 THEN remotes.trouble ELSE ?3 END, "
            "detail = CASE WHEN remotes.sign_in > ?5 THEN remotes.detail ELSE ?4 END, "
            "sign_in = CASE WHEN remotes.sign_in > ?5 THEN remotes.sign_in ELSE ?5 END",
            (name, to_us(tx.now), trouble, detail[:500], int(trouble == "sign_in")),
        )
        tx.touch(None, Topic.REMOTES)


def note_new_secret(store: Store, name: str, *, instead_of: str = "", origin: str = "") -> None:
    """End a remote's sign-in trouble, because there is a new secret; `instead_of`: only this one."""
    wanted = (name, instead_of)
    row = store.one("SELECT 1 FROM remotes WHERE name = ? AND sign_in = 1 AND ? IN ('', detail)", wanted)
    if row is None:
        return
    with store.write(origin) as tx:
        tx.execute(
            "UPDATE remotes SET trouble_since = NULL, trouble = '', detail = '', sign_in = 0 "
            "WHERE name = ? AND sign_in = 1 AND ? IN ('', detail)",
            wanted,
        )
        tx.touch(None, Topic.REMOTES)


def use_new_secret(store: Store, name: str) -> None:
    """End a remote's sign-in trouble, and let whoever sends read its new secret and do a round with it."""
    note_new_secret(store, name)
    calls.ask(store, calls.SYNC, {"reload": True})


def note_throttle(store: Store, name: str, until: datetime | None, *, origin: str = "") -> None:
    """Record until when a remote asked to be left alone, so that the next process honours it too."""
    with store.write(origin) as tx:
        tx.execute(
            "INSERT INTO remotes(name, trouble, detail, sign_in, throttled_until) VALUES (?1, '', '', 0, ?2) "
            "ON CONFLICT(name) DO UPDATE SET throttled_until = ?2",
            (name, None if until is None else to_us(until)),
        )


def throttled_until(store: Store, name: str) -> datetime | None:
    """Return until when a remote asked to be left alone; it may have passed."""
    row = store.one("SELECT throttled_until FROM remotes WHERE name = ?", (name,))
    return maybe_at(row[0]) if row else None


def forget(store: Store, name: str) -> int:
    """Drop what is known of a removed remote; return how many changes of its orders were not settled."""
    row = store.one(
        "SELECT count(*) FROM outbox JOIN orders ON orders.pk = outbox.order_pk WHERE orders.remote = ? "
        "AND outbox.state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead')",
        (name,),
    )
    with store.write() as tx:
        tx.execute("DELETE FROM remotes WHERE name = ?", (name,))
        forget_rows(tx, name)
        tx.touch(None, Topic.REMOTES)
    return int(row[0]) if row else 0


def vanished(store: Store, name: str, listed: set[int], since: datetime) -> list[int]:
    """Return the orders that this remote last showed as `created`, before `since`, and no longer lists.

    An order that came in later than now did so before the clock was put back.
    """
    rows = store.all(
        "SELECT pk FROM orders WHERE remote = ? AND shadow = 'created' AND urgency IS NOT NULL "
        "AND (received_at < ? OR received_at > ?)",
        (name, to_us(since), to_us(store.clock())),
    )
    return [int(row[0]) for row in rows if int(row[0]) not in listed]
