"""`posapp sample-data`: believable orders for an empty database."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from posapp.cli.session import Session
from posapp.sandbox.menu import COMMENTS, DISHES, NAMES, STREETS
from posapp.services.sample import fill
from posapp.services.sample_rows import SampleDish, Stock

_WIDTH = 30  # of the bar


def run(session: Session) -> int:
    """Fill the database."""
    options = session.options
    dishes = tuple(
        SampleDish(dish.internal_id, dish.title, dish.price, dish.brand) for dish in DISHES.values()
    )
    stock = Stock(dishes, NAMES, STREETS, COMMENTS)
    started = time.monotonic()
    active = fill(
        session.store,
        options.orders,
        seed=options.seed,
        stock=stock,
        station=session.config.station,
        progress=_progress(options.orders),
    )
    seconds = time.monotonic() - started
    data = {"orders": options.orders, "active": active, "seconds": round(seconds, 3)}
    return session.out.finish(data, f"{options.orders} orders, {active} of them active, in {seconds:.1f} s.")


def _progress(count: int) -> Callable[[int], None]:
    """Return what shows the progress to a person at a terminal."""
    started = time.monotonic()

    def show(done: int) -> None:
        if sys.stderr is not None and sys.stderr.isatty():
            full = done * _WIDTH // count
            bar = "█" * full + "░" * (_WIDTH - full)
            took = time.monotonic() - started
            left = f", {took / done * (count - done):.0f} s left" if done < count else ""
            sys.stderr.write(f"\r\x1b[K{bar} {done:,} of {count:,}{left}" + ("" if left else "\n"))
            sys.stderr.flush()

    return show
