"""The queue of products for the shops: what is put in, what became of it, and what a person decides.

A row is the whole state of a product at a shop (docs/decisions/0005): sending it twice does no harm, and of
two that wait only the newer is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from posapp.domain.catalogue import Product
from posapp.domain.errors import RefusedError
from posapp.domain.people import Right
from posapp.domain.publish import (
    Again,
    InBatch,
    ProductRow,
    Published,
    PublishEffect,
    Refused,
    Singly,
    product_body,
    takes_products,
)
from posapp.domain.status import RowState
from posapp.domain.text import clean_line
from posapp.domain.who import SYNC_ACTOR, Who
from posapp.services.permits import permit
from posapp.storage.catalogue import products
from posapp.storage.feed import Topic
from posapp.storage.fields import maybe_us, to_us
from posapp.storage.store import Store, Transaction

LATE = timedelta(seconds=120)  # a write that was given up may arrive so much later
_OPEN = "('pending', 'in_flight', 'parked')"
_INSERT = (
    "INSERT INTO product_outbox(seq, id, remote, internal_id, body, state, single, batch, actor, station, "
    "created_at, not_before, attempts, last_error, reason) "
    "VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM product_log), "
    "?, ?, ?, ?, 'pending', 0, '', ?, ?, ?, ?, 0, '', '')"
)


@dataclass(frozen=True, slots=True)
class Shop:
    """A remote that takes products, as far as the queue cares."""

    name: str
    currency: str
    hide_sold_out: bool = False


class _Remote(Protocol):
    """A remote in the settings."""

    @property
    def name(self) -> str: ...

    @property
    def format(self) -> str: ...

    @property
    def currency(self) -> str: ...


def shops_among(remotes: Iterable[_Remote], *, hide_sold_out: bool) -> tuple[Shop, ...]:
    """Return the remotes that take products."""
    return tuple(
        Shop(remote.name, remote.currency, hide_sold_out=hide_sold_out)
        for remote in remotes
        if takes_products(remote.format)
    )


def queue_changed(tx: Transaction, shops: Sequence[Shop], items: Sequence[Product], who: Who) -> int:
    """Queue those of these products that a shop does not have just so; return how many rows were added."""
    return sum(queue_one(tx, shop, item, who) for shop in shops for item in items)


def queue_all(store: Store, shops: Sequence[Shop], who: Who, *, anew: bool = False, origin: str = "") -> int:
    """Queue every product that a shop does not have as it is now; `anew`: every one, whatever it has."""
    count = 0
    with store.write(origin) as tx:
        permit(tx, who, Right.CATALOGUE)
        for item in products(tx, with_deleted=True):
            count += sum(queue_one(tx, shop, item, who, anew=anew) for shop in shops)
        if count:
            tx.event(None, "products_queued", who, {"count": str(count)})
    return count


def queue_one(tx: Transaction, shop: Shop, item: Product, who: Who, *, anew: bool = False) -> bool:
    """Queue a product unless the shop has it just so, or will soon; tell whether it was queued."""
    body = product_body(item, shop.currency, tx.now, hide_sold_out=shop.hide_sold_out)
    key = (shop.name, item.internal_id)
    has = tx.one("SELECT body FROM product_published WHERE remote = ? AND internal_id = ?", key)
    last = tx.one(
        f"SELECT seq, body, state FROM product_outbox WHERE remote = ? AND internal_id = ? "  # noqa: S608
        f"AND state IN {_OPEN} ORDER BY seq DESC LIMIT 1",
        key,
    )
    if last is not None and last[1] == body and last[2] != RowState.PARKED:
        return False
    if last is None and not anew and (has[0] == body if has else item.deleted):
        return False
    tx.execute(
        "UPDATE product_outbox SET state = 'superseded', closed_at = ?, reason = 'a newer state goes out' "
        "WHERE remote = ? AND internal_id = ? AND state IN ('pending', 'parked')",
        (to_us(tx.now), *key),
    )
    _add(tx, shop.name, item.internal_id, body, who)
    return True


def _add(
    tx: Transaction, remote: str, internal_id: str, body: str, who: Who, *, wait: timedelta | None = None
) -> None:
    until = None if wait is None else tx.now + wait
    tx.execute(
        _INSERT,
        (
            tx.new_id(), remote, internal_id, body, who.actor, who.station, to_us(tx.now), maybe_us(until),
        ),
    )  # fmt: skip
    tx.touch(None, Topic.CATALOGUE)


def mark_sending(store: Store, rows: Sequence[ProductRow], *, origin: str = "") -> None:
    """Note, before a request leaves, that these are on their way."""
    with store.write(origin) as tx:
        now = to_us(tx.now)
        tx.executemany(
            "UPDATE product_outbox SET state = 'in_flight', batch = '', attempts = attempts + 1, "
            "last_at = ?, unknown_at = ?, not_before = NULL WHERE seq = ? "
            "AND state IN ('pending', 'in_flight')",
            [(now, now, row.seq) for row in rows],
        )
        tx.touch(None, Topic.CATALOGUE)


def settle(
    store: Store, remote: str, effects: Sequence[PublishEffect], station: str, *, origin: str = ""
) -> None:
    """Write down what an answer means, in one transaction."""
    with store.write(origin) as tx:
        for effect in effects:
            match effect:
                case Published(rows):
                    for row in rows:
                        _confirm(tx, remote, row, station)
                case InBatch(rows, batch, look_at):
                    _set(tx, rows, state="in_flight", batch=batch, not_before=to_us(look_at), last_error="")
                case Singly(rows, why):
                    _set(tx, rows, state="pending", batch="", single=1, not_before=None, last_error=why)
                case Again(rows, at, why, unknown):
                    _again(tx, rows, maybe_us(at), why, unknown=unknown)
                case Refused(rows, why):
                    _set(tx, rows, state="parked", batch="", not_before=None, last_error=why)
        tx.touch(None, Topic.CATALOGUE)


def _set(tx: Transaction, rows: Sequence[ProductRow], **values: Any) -> None:
    """Set columns of rows that are not settled; a person may have discarded one meanwhile."""
    columns = ", ".join(f"{name} = ?" for name in values)
    tx.executemany(
        f"UPDATE product_outbox SET {columns} WHERE seq = ? AND state IN {_OPEN}",  # noqa: S608
        [(*values.values(), row.seq) for row in rows],
    )


def _again(tx: Transaction, rows: Sequence[ProductRow], at: int | None, why: str, *, unknown: bool) -> None:
    for row in rows:
        known = {} if unknown else {"unknown_at": maybe_us(row.unknown_at)}
        # What is in a batch stays there: the shop is asked for it again.
        state = "in_flight" if row.batch else "pending"
        _set(tx, [row], state=state, not_before=at, last_error=why, **known)


def _confirm(tx: Transaction, remote: str, row: ProductRow, station: str) -> None:
    now = to_us(tx.now)
    _set(tx, [row], state="confirmed", closed_at=now, last_error="", unknown_at=maybe_us(row.unknown_at))
    tx.execute(
        "INSERT INTO product_published(remote, internal_id, body, at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT(remote, internal_id) DO UPDATE SET body = excluded.body, at = excluded.at",
        (remote, row.internal_id, row.body, now),
    )
    late = tx.one(
        "SELECT max(unknown_at) FROM product_outbox WHERE remote = ? AND internal_id = ? AND body <> ? "
        "AND unknown_at > ?",
        (remote, row.internal_id, row.body, now - LATE // timedelta(microseconds=1)),
    )
    waiting = tx.one(
        f"SELECT 1 FROM product_outbox WHERE remote = ? AND internal_id = ? AND state IN {_OPEN}",  # noqa: S608
        (remote, row.internal_id),
    )
    if late is not None and late[0] is not None and waiting is None:
        # An older state of it may still arrive: then this one has to go out once more.
        if late[0] > now:
            # The clock was put back since: counted from now, or it would go out again and again.
            tx.execute(
                "UPDATE product_outbox SET unknown_at = ? WHERE remote = ? AND internal_id = ? "
                "AND unknown_at > ?",
                (now, remote, row.internal_id, now),
            )
        wait = LATE - timedelta(microseconds=max(0, now - late[0]))
        _add(tx, remote, row.internal_id, row.body, Who(SYNC_ACTOR, station), wait=wait)


def find_rows(store: Store, ids: Sequence[str]) -> list[str]:
    """Return the whole ids of the queue's rows that these ids, or beginnings of them, name."""
    found: list[str] = []
    for name in ids:
        rows = store.all(
            "SELECT id FROM product_outbox WHERE id = ?1 "
            "OR (length(?1) >= 8 AND substr(id, 1, length(?1)) = ?1)",
            (name.strip(),),
        )
        found += [row[0] for row in rows] if len(rows) == 1 else []
    return found


def retry_products(store: Store, ids: Sequence[str], who: Who, *, origin: str = "") -> int:
    """Send refused or waiting products again, each by itself; return how many."""
    with store.write(origin) as tx:
        permit(tx, who, Right.CATALOGUE)
        count = 0
        for name in ids:
            cursor = tx.execute(
                "UPDATE product_outbox SET state = 'pending', single = 1, not_before = NULL WHERE id = ? "
                "AND state IN ('pending', 'parked')",
                (name,),
            )
            count += cursor.rowcount
        if not count:
            raise RefusedError("These changes do not wait any more.", remedy="Look at the queue again.")
        tx.event(None, "products_retried", who, {"count": str(count)})
        tx.touch(None, Topic.CATALOGUE)
        return count


def discard_products(store: Store, ids: Sequence[str], reason: str, who: Who, *, origin: str = "") -> int:
    """Give products up that wait; the shop keeps what it has."""
    why = clean_line(reason)[:500]
    if not why:
        raise RefusedError("Giving changes up needs a reason.", fields={"reason": "Say why."})
    with store.write(origin) as tx:
        permit(tx, who, Right.CATALOGUE)
        count = 0
        for name in ids:
            cursor = tx.execute(
                "UPDATE product_outbox SET state = 'superseded', closed_at = ?, reason = ? WHERE id = ? "
                "AND state IN ('pending', 'parked')",
                (to_us(tx.now), f"discarded: {why}", name),
            )
            count += cursor.rowcount
        if not count:
            raise RefusedError(
                "These changes cannot be given up.", "They are settled, or just being sent.",
                "Look at the queue again.",
            )  # fmt: skip
        tx.event(None, "products_discarded", who, {"count": str(count), "reason": why})
        tx.touch(None, Topic.CATALOGUE)
        return count
