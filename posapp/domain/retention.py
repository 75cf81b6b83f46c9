"""How long finished orders keep their customers' data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_DAYS = 7  # the custody ledger and the Sync Center look back so far


@dataclass(frozen=True, slots=True)
class PrivacyPlan:
    """After how many days finished orders lose their customers' data; 0: never."""

    days: int = 0

    def before(self, now: datetime) -> datetime | None:
        """Return the moment before which an order is old enough, None for never."""
        return now - timedelta(days=max(self.days, LEAST_DAYS)) if self.days > 0 else None
