"""Parts of a payment that wait beside their cart: they were taken, the order does not exist yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from posapp.domain.payment import Tender
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.storage.sales import draft
from posapp.storage.store import Transaction


def note_parts(tx: Transaction, draft_id: str, parts: Sequence[Tender], who: Who) -> None:
    """Tell in the history which parts are new beside a draft, and which are gone without a sale."""
    before = draft(tx, draft_id) if draft_id else None
    known = before.parts if before is not None else ()
    if known == tuple(parts):
        return
    for kind, found in (
        ("part_taken", Counter(parts) - Counter(known)),
        ("part_dropped", Counter(known) - Counter(parts)),
    ):
        for part in found.elements():
            params = {"amount": str(part.amount or 0), "method": part.method.value}
            tx.event(None, kind, who, params | {"reference": clean_line(part.reference)[:200]})
