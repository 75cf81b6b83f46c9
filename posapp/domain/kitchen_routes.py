"""Which kitchen printer gets which dishes: by the stations at which they are made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

THE_REST = "Kitchen"  # the heading of tickets with what no other printer gets
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class KitchenRoute:
    """One printer: the dishes of its `stations`, and with `rest` those of any but `elsewhere`.

    `section` heads its tickets and tells them from those of the others; "" is a printer of whole orders.
    """

    printer: str
    section: str = ""
    stations: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    rest: bool = True

    def makes(self, station: str) -> bool:
        """Tell whether it gets a dish of a station, "" for one of none."""
        place = station.strip().casefold()
        return place in self.stations or (self.rest and place not in self.elsewhere)


def kitchen_routes(printers: Iterable[tuple[str, Iterable[str]]]) -> tuple[KitchenRoute, ...]:
    """Return the way of each dish, from kitchen printers with their stations; each dish has exactly one.

    The first printer without stations gets what nobody else makes; without such a one the first printer does.
    A second printer for all is a spare: people choose it.
    """
    known = [(name, _folded(stations)) for name, stations in printers]
    taken: set[str] = set()
    own: list[tuple[str, frozenset[str], str]] = []
    for name, stations in known:
        mine = {place: words for place, words in stations.items() if place not in taken}
        taken |= mine.keys()
        if mine:
            own.append((name, frozenset(mine), ", ".join(mine.values())[:_LONGEST]))
    spare = next((name for name, stations in known if not stations), "")
    if not own:
        return (KitchenRoute(spare),) if spare else ()
    catcher = spare or own[0][0]
    routes = [
        KitchenRoute(name, section, mine, frozenset(taken), rest=name == catcher)
        for name, mine, section in own
    ]
    if spare:
        routes.append(KitchenRoute(spare, THE_REST, frozenset(), frozenset(taken)))
    return tuple(routes)


def _folded(stations: Iterable[str]) -> dict[str, str]:
    return {name.strip().casefold(): name.strip() for name in stations if name.strip()}
