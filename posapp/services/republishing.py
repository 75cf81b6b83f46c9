"""What the running program does for the queue of products by itself: what is back on sale, and new tries."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from posapp.domain.who import Who
from posapp.services.publishing import Shop, queue_one
from posapp.storage.catalogue import product
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.reader import Reader
from posapp.storage.store import Store

_OPEN = "('pending', 'in_flight', 'parked')"


def queue_returned(store: Store, shops: Sequence[Shop], who: Who, *, origin: str = "") -> int:
    """Queue what is hidden at a shop though its time of being sold out has ended; return how many.

    Any process may call this at any time: what is queued, or at the shop as it is now, is left alone.
    """
    wanted = [shop for shop in shops if shop.hide_sold_out]
    if not wanted or not _returned(store, wanted, store.clock()):
        return 0
    count = 0
    with store.write(origin) as tx:
        for shop, internal_id in _returned(tx, wanted, tx.now):
            item = product(tx, internal_id)
            count += item is not None and queue_one(tx, shop, item, who)
        if count:
            tx.event(None, "products_returned", who, {"count": str(count)})
    return count


def _returned(reader: Reader, shops: Sequence[Shop], now: datetime) -> list[tuple[Shop, str]]:
    """Return what is sellable again, and hidden by the last state that a shop has or waits for."""
    rows = reader.all(
        "SELECT internal_id FROM products WHERE deleted = 0 AND sold_out_until IS NOT NULL "
        "AND sold_out_until <= ?",
        (to_us(now),),
    )
    return [(shop, row[0]) for row in rows for shop in shops if _is_hidden(reader, shop.name, row[0])]


def _is_hidden(reader: Reader, remote: str, internal_id: str) -> bool:
    key = (remote, internal_id)
    row = reader.one(
        f"SELECT body FROM product_outbox WHERE remote = ? AND internal_id = ? AND state IN {_OPEN} "  # noqa: S608
        "ORDER BY seq DESC LIMIT 1",
        key,
    ) or reader.one("SELECT body FROM product_published WHERE remote = ? AND internal_id = ?", key)
    return row is not None and json.loads(row[0])["deleted"] is True


def hasten(store: Store, remote: str, *, origin: str = "") -> None:
    """Let what was put off after a failed try go out now; what waits for another reason goes on waiting."""
    with store.write(origin) as tx:
        tx.execute(
            "UPDATE product_outbox SET not_before = NULL WHERE remote = ? AND state = 'pending' "
            "AND attempts > 0 AND not_before IS NOT NULL",
            (remote,),
        )
        tx.touch(None, Topic.CATALOGUE)
