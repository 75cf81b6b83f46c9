"""The next step of several orders at once."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.domain.errors import RefusedError
from posapp.domain.status import next_step as following
from posapp.domain.who import Who
from posapp.services.orders import move_in
from posapp.services.steps import read_facts
from posapp.services.together import Act, Seen, Step, carry_out
from posapp.storage.store import Store, Transaction


def next_step(store: Store, seen: Sequence[Seen], who: Who, *, hold: bool = False, origin: str = "") -> Act:
    """Give each of these orders its one obvious next status, in one transaction.

    Orders that are finished, gone or not as they were seen any more are left out and told.
    """

    def deed(tx: Transaction, order: Seen) -> Step:
        facts = read_facts(tx, order.pk)
        target = following(facts.status, facts.kind)
        if target is None:
            raise RefusedError(f"Order #{facts.code} is finished.")
        moved = move_in(tx, order.pk, target, who, expected_version=order.version, hold=hold)
        return Step(moved.pk, moved.code, moved.before, moved.after)

    with store.write(origin) as tx:
        return carry_out(tx, seen, deed)
