"""Who acts, and at which station; every service call carries one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Who:
    """The person (until people sign in: the station itself) and the station of an act."""

    actor: str
    station: str


def station_itself(station: str) -> Who:
    """Return the station as its own actor."""
    return Who(station, station)


SYNC_ACTOR = "sync"
