"""Believable orders by the thousand, for demonstrations and measurements; only into an empty database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from posapp.domain.errors import RefusedError
from posapp.services.intake_rows import SAVE_NEXT_CODE
from posapp.services.sample_rows import ORDER_COLUMNS, REMOTE, Guest, Maker, Stock
from posapp.storage.fields import to_us
from posapp.storage.queries import total_orders
from posapp.storage.store import Store, Transaction

CHUNK = 5_000
_INSERT_ORDER = (
    f"INSERT INTO orders({', '.join(ORDER_COLUMNS)}) "  # noqa: S608 - our own column names
    f"VALUES ({', '.join('?' * len(ORDER_COLUMNS))})"
)
_INSERT_LINE = (
    "INSERT INTO order_lines(order_pk, position, internal_id, title, quantity, unit_price, total, additions, "
    "promo_id, promo_title, promo_code_id, promo_code, paid_in_bonuses, notes) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, '[]', '', '', '', '', 0, '')"
)
_INSERT_RAW = "INSERT INTO order_raw(order_pk, raw, received_at) VALUES (?, ?, ?)"
_INSERT_EVENT = "INSERT INTO events(order_pk, at, kind, actor, station, params) VALUES (?, ?, ?, ?, ?, ?)"
_INSERT_CUSTOMER = (
    "INSERT INTO customers(pk, remote, remote_id, name, phone, phone_digits, first_at, last_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def fill(
    store: Store,
    count: int,
    *,
    seed: int,
    stock: Stock,
    station: str,
    progress: Callable[[int], None] = lambda _done: None,
) -> int:
    """Fill an empty database with `count` orders over the days before now; return how many are active.

    They belong to a remote “sample” that is never asked. `progress` hears how many are done after each
    chunk, which is one transaction. Raises RefusedError if there are orders already.
    """
    _check_empty(total_orders(store))
    random = Random(f"posapp-{seed}")  # noqa: S311 - the same seed, the same orders
    maker = Maker(random, store.clock(), count, stock, station)
    for start in range(0, count, CHUNK):
        rows = maker.chunk(start, min(count, start + CHUNK))
        with store.write() as tx:
            if start == 0:
                _begin(tx, maker.guests, count)
            tx.executemany(_INSERT_ORDER, rows.orders)
            tx.executemany(_INSERT_LINE, rows.lines)
            tx.executemany(_INSERT_RAW, rows.raws)
            tx.executemany(_INSERT_EVENT, rows.events)
            tx.touch(start + 1)
        progress(min(count, start + CHUNK))
    return maker.active


def _check_empty(orders: int) -> None:
    if orders:
        raise RefusedError(
            "There are orders in this database already.",
            "Sample orders only go into an empty one.",
            "Name another data directory with --data-dir.",
        )


def _begin(tx: Transaction, guests: Sequence[Guest], count: int) -> None:
    found = tx.one("SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM customers)")
    _check_empty(found[0] if found else 0)  # somebody else may have been faster
    now = to_us(tx.now)
    rows = [
        (guest.pk, REMOTE, str(guest.pk), guest.name, f"+{guest.phone}", guest.phone, now, now)
        for guest in guests
    ]
    tx.executemany(_INSERT_CUSTOMER, rows)
    tx.execute(SAVE_NEXT_CODE, (str(1001 + count),))
