"""What a benchmark finds: samples with a name and a unit, ratios between them, and goals."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """Samples of one thing, in one unit ("ms", "/s", "MB", …); sample number n is from round number n."""

    name: str
    unit: str
    samples: tuple[float, ...]

    @property
    def value(self) -> float:
        """Return the median: one slow or lucky round must not move it."""
        return median(self.samples)

    def ratio_to(self, other: Figure) -> float:
        """Return how many times the other figure this one is.

        Round by round where both have the same rounds, so that a machine that slows down meanwhile slows
        both sides of each ratio.
        """
        if len(self.samples) == len(other.samples):
            return median(a / b for a, b in zip(self.samples, other.samples, strict=True))
        return self.value / other.value

    def __str__(self) -> str:
        return f"{plain_number(self.value)}{'' if self.unit.startswith('/') else ' '}{self.unit}"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure, or a ratio, is to be: at most (or at least) `bound`."""

    words: str
    value: float
    bound: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Tell whether the goal is reached."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: ours, the peers and the physical limit, measured in the same run."""

    what: str
    ours: Figure
    peers: tuple[Figure, ...] = ()
    limit: Figure | None = None
    goal: Goal | None = None


def plain_number(value: float) -> str:
    """Return a number with three significant digits, at most; large ones in groups of thousands."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"
