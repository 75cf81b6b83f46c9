"""How a station sells: what the settings say; small, because every start reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SaleRules:
    """How a station sells; `cash_step` 0: cash is not rounded."""

    currency: str
    zone: ZoneInfo
    prefix: str = "C1"  # of the codes of its orders
    cash_step: Decimal = Decimal("0")
    tips: bool = False
    shift_required: bool = False
    discount_limit: Decimal = Decimal("100")  # percent of the whole; more off is a manager's
    difference_limit: Decimal = Decimal("0")  # of a counted drawer; more is a manager's; 0: nobody is asked


def station_prefix(station: str) -> str:
    """Return the prefix that a station's name gives: "counter-1" → "C1", "bar" → "B"."""
    letter = next((char.upper() for char in station if char.isalpha()), "P")
    digits = re.search(r"\d{1,4}\Z", station.strip(), re.ASCII)
    return letter[:1] + (digits[0] if digits else "")


def code_of(prefix: str, number: int) -> str:
    """Return the code that a number makes: "C1-027"."""
    return f"{prefix}-{number:03d}"


def parse_cash_steps(text: str) -> dict[str, Decimal]:
    """Read the setting of cash rounding, such as "KZT=1, NPR=0.5"; raise ValueError with a sentence."""
    steps: dict[str, Decimal] = {}
    for part in text.replace(";", ",").split(","):
        if not part.strip():
            continue
        code, _, step = (piece.strip() for piece in part.partition("="))
        if (
            len(code) != 3
            or not code.isalpha()
            or not step.replace(".", "", 1).isdigit()
            or not step.isascii()
        ):
            raise ValueError("cash_rounding is written like KZT=1, NPR=1")
        steps[code.upper()] = Decimal(step)
    return steps
