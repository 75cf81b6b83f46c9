"""Who acts, and at which station; every service call carries one."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Who:
    """The person and the station of an act; `sign_in` is the sign-in under which the person works.

    Without one the station itself acts, which is enough until the shop has people.
    """

    actor: str
    station: str
    sign_in: str = field(default="", repr=False)  # a secret: it opens what the person may do


def station_itself(station: str) -> Who:
    """Return the station as its own actor."""
    return Who(station, station)


SYNC_ACTOR = "sync"
