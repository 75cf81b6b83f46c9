"""Each dish goes to one printer of the kitchen, whatever stations the printers name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.kitchen_routes import THE_REST, kitchen_routes

NAMES = st.sampled_from(["", "Bar", "bar ", "Oven", "Fry"])


def test_the_printer_without_stations_gets_the_rest() -> None:
    bar, rest = kitchen_routes([("all", []), ("bar", ["Bar"]), ("spare", [])])
    assert (bar.printer, bar.section, rest.printer, rest.section) == ("bar", "Bar", "all", THE_REST)
    assert (bar.makes("BAR "), bar.makes("Oven"), bar.makes("")) == (True, False, False)
    assert (rest.makes("bar"), rest.makes("Oven"), rest.makes("")) == (False, True, True)


def test_one_printer_makes_whole_orders_and_none_makes_nothing() -> None:
    (only,) = kitchen_routes([("grill", [])])
    assert (only.section, only.makes("Bar"), only.makes("")) == ("", True, True)
    assert kitchen_routes([]) == ()


@given(st.lists(st.lists(NAMES, max_size=3), min_size=1, max_size=4), NAMES)
def test_no_dish_is_forgotten_and_none_is_made_twice(stations: list[list[str]], dish: str) -> None:
    routes = kitchen_routes((f"p{number}", names) for number, names in enumerate(stations))
    assert sum(route.makes(dish) for route in routes) == 1
    assert len({route.section for route in routes}) == len(routes)
