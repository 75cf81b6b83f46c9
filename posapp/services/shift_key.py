"""The shift into which money is counted."""

from __future__ import annotations

from posapp.domain.errors import RefusedError
from posapp.domain.sale_rules import SaleRules
from posapp.domain.who import Who
from posapp.storage.reader import Reader


def open_shift_key(tx: Reader, rules: SaleRules, who: Who, currency: str) -> int | None:
    """Return the key of the station's open shift; raise RefusedError where there has to be one."""
    row = tx.one("SELECT pk, currency FROM shifts WHERE station = ? AND closed_at IS NULL", (who.station,))
    if row is None:
        if rules.shift_required:
            raise RefusedError(
                "No shift is open at this station.", remedy="Open one, then sell.",
                fields={"shift": "No shift is open."},
            )  # fmt: skip
        return None
    if row[1] != currency:
        raise RefusedError(f"The drawer of this shift holds {row[1]}.", f"This order is in {currency}.")
    return int(row[0])
