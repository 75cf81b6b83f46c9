"""`posapp customers anonymise` and `forget`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from posapp.cli.errors import INTERRUPTED
from posapp.cli.progress import Bar
from posapp.cli.session import Session
from posapp.domain.errors import RefusedError
from posapp.domain.privacy import Hold

if TYPE_CHECKING:
    from datetime import datetime

_WHY = {
    Hold.ACTIVE: "not finished",
    Hold.SENDING: "with changes that the shop does not have yet",
    Hold.UNREAD: "of which the shop sent something that could not be read",
    Hold.PRINTING: "with tickets to be printed",
    Hold.SHIFT: "of a shift that is not closed",
    Hold.CASH: "whose cash a courier still has",
    Hold.MONEY: "whose payments are not in balance",
}


class _Share:
    """Tells the bar what share of so many orders is done."""

    def __init__(self, bar: Bar, orders: int) -> None:
        self._bar, self._orders = bar, orders

    @property
    def stopped(self) -> bool:
        """Tell whether somebody wants it to stop."""
        return self._bar.stopped

    def tell(self, what: str, count: int) -> None:
        """Hear how many orders are done."""
        self._bar.tell(what, min(count * 100 // max(self._orders, 1), 100))


def run(session: Session) -> int:
    """Run the command."""
    return _by_age(session) if session.options.action == "anonymise" else _one(session)


def _by_age(session: Session) -> int:
    from posapp.services.privacy import anonymise, preview

    before = _before(session)
    data: dict[str, object] = {"before": before.isoformat(), "done": not session.options.preview}
    found = preview(session.store, before)
    if session.options.preview:
        data |= {
            "orders": found.orders,
            "oldest": found.oldest.isoformat() if found.oldest else None,
            "newest": found.newest.isoformat() if found.newest else None,
            "held": _counts(found.held),
        }
        text = f"{_orders(found.orders)} finished before {_day(before)} would be anonymised"
        text += f"; the oldest is of {_day(found.oldest)}." if found.oldest else "."
        return session.out.finish(data, "\n".join((text, *_held(found.held))))
    with Bar({"forget": "Anonymising…"}) as bar:
        done = anonymise(session.store, before, session.who, observer=_Share(bar, found.orders))
    data |= {"orders": done.orders, "held": _counts(done.held), "done": not done.stopped}
    text = f"{_orders(done.orders)} finished before {_day(before)} {_were(done.orders)} anonymised."
    if done.stopped:
        session.out.finish(data, f"Stopped. {text} Run it again for the others.")
        return INTERRUPTED
    return session.out.finish(data, "\n".join((text, *_held(done.held))))


def _before(session: Session) -> datetime:
    now = session.store.clock()
    if session.options.days is not None:
        return now - timedelta(days=int(session.options.days))
    before = session.config.privacy.before(now)
    if before is None:
        raise RefusedError(
            "It is not said how old an order has to be.",
            "The settings say that customers are never forgotten.",
            "Say it: --days 90. Or write days = 90 under [privacy] in posapp.toml.",
        )
    return before


def _one(session: Session) -> int:
    from posapp.services.privacy import find_customer, forget_customer

    phone = session.options.phone
    if session.options.preview:
        count, held = find_customer(session.store, phone, session.who)
        ready = count - sum(held.values())
        data: dict[str, object] = {"done": False, "orders": ready, "held": _counts(held)}
        text = f"{_orders(ready)} would be anonymised."
    else:
        done = forget_customer(session.store, phone, session.who)
        held = done.held
        data = {"done": True, "orders": done.orders, "carts": done.drafts, "held": _counts(held)}
        text = f"{_orders(done.orders)} {_were(done.orders)} anonymised."
    return session.out.finish(data, "\n".join((text, *_held(held))))


def _orders(count: int) -> str:
    return "1 order" if count == 1 else f"{count:,} orders"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _counts(held: Mapping[Hold, int]) -> dict[str, int]:
    return {hold.value: held[hold] for hold in Hold if held.get(hold)}


def _held(held: Mapping[Hold, int]) -> list[str]:
    return [f"Kept for now: {_orders(held[hold])} {_WHY[hold]}." for hold in Hold if held.get(hold)]
