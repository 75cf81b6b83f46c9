"""Kitchen tickets by station: each printer its dishes, its changes, and at the time they are wanted."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from posapp.domain.catalogue import Category
from posapp.domain.kitchen import LeadTimes
from posapp.domain.kitchen_routes import kitchen_routes
from posapp.domain.tickets import JobState
from posapp.printing.document import from_json
from posapp.printing.layout import composer
from posapp.services import catalogue, counter, schedule
from posapp.services.kitchen_tickets import print_accepted
from posapp.services.sale_tickets import with_tickets
from posapp.storage.catalogue import categories, stations_of
from posapp.storage.printing import JobRow, job_rows
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, Clock
from tests.support.till import RULES, a_line, a_sale, pizza

ALMATY = ZoneInfo("Asia/Almaty")
COMPOSE = composer(ALMATY)
ROUTES = kitchen_routes([("grill", []), ("bar", ["Bar"])])


def menu(store: Store) -> None:
    """Put a pizza, a cola of the bar's category, and a dessert that the bar makes, on the menu."""
    catalogue.save_category(store, Category("Drinks", station=" Bar "), ANNA)
    catalogue.save_product(store, pizza(), "KZT", ANNA)
    catalogue.save_product(store, pizza(internal_id="c-1", title="Cola", category="Drinks"), "KZT", ANNA)
    catalogue.save_product(store, pizza(internal_id="t-1", title="Tiramisu", station="bar"), "KZT", ANNA)
    catalogue.save_product(
        store, pizza(internal_id="s-1", title="Shake", category="Drinks", station="Cold"), "KZT", ANNA
    )


def words(job: JobRow) -> list[str]:
    return [block.left for block in from_json(job.payload).blocks if block.left]


def by_printer(store: Store) -> dict[str, JobRow]:
    found: dict[str, JobRow] = {}
    for job in job_rows(store):
        found.setdefault(job.printer, job)
    return found


PIZZA = a_line(internal_id="p-1")
COLA = a_line("690", 2, title="Cola", internal_id="c-1")


def test_a_dish_is_made_at_its_own_station_else_at_that_of_its_category(store: Store) -> None:
    menu(store)
    asked = [("p-1", "Маргарита"), ("c-1", "x"), ("", "Cola"), ("t-1", ""), ("s-1", "Shake"), ("", "Soup")]
    assert stations_of(store, asked) == ["", "Bar", "Bar", "bar", "Cold", ""]
    assert [item.station for item in categories(store) if item.name == "Drinks"] == ["Bar"]


def test_each_printer_gets_its_dishes_and_later_what_changed_of_them(store: Store) -> None:
    menu(store)
    also = with_tickets("", ROUTES, ANNA, COMPOSE)
    sold = counter.sell(store, a_sale(PIZZA, COLA), RULES, ANNA, also=also)
    made = by_printer(store)
    assert made.keys() == {"grill", "bar"}
    assert "1 x Маргарита" in words(made["grill"])
    assert not any("Cola" in line for line in words(made["grill"]))
    assert words(made["bar"])[0] == "Bar"
    assert "2 x Cola" in words(made["bar"])
    with store.write() as tx:
        tx.execute("UPDATE print_jobs SET state = 'done'")

    counter.edit_sale(store, sold.pk, a_sale(PIZZA), RULES, ANNA)
    assert print_accepted(store, ROUTES, ANNA, COMPOSE) == 1
    last = job_rows(store)[0]
    assert (last.printer, last.section) == ("bar", "Bar")
    assert "REMOVED" in words(last)
    assert "- 2 x Cola" in words(last)
    assert print_accepted(store, ROUTES, ANNA, COMPOSE) == 0


def test_a_printer_without_a_dish_gets_no_ticket(store: Store) -> None:
    menu(store)
    counter.sell(store, a_sale(COLA), RULES, ANNA, also=with_tickets("", ROUTES, ANNA, COMPOSE))
    assert [job.printer for job in job_rows(store)] == ["bar"]
    assert print_accepted(store, ROUTES, ANNA, COMPOSE) == 0


def test_what_is_sold_for_later_reaches_the_kitchen_when_it_is_time(store: Store, clock: Clock) -> None:
    menu(store)
    due = (clock() + timedelta(hours=2)).isoformat()
    also = with_tickets("front", ROUTES, ANNA, COMPOSE)
    sold = counter.sell(store, a_sale(PIZZA, COLA, due_at=due), RULES, ANNA, also=also)
    counter.sell(store, a_sale(PIZZA), RULES, ANNA)  # sold without a printer: nothing is caught up
    assert [job.printer for job in job_rows(store)] == ["front"]
    assert print_accepted(store, ROUTES, ANNA, COMPOSE, timed_sales=True) == 0

    clock.pass_by(minutes=106)
    assert [one.pk for one in schedule.start_due(store, LeadTimes(), ALMATY, ANNA)] == [sold.pk]
    assert print_accepted(store, ROUTES, ANNA, COMPOSE, timed_sales=True) == 2
    assert print_accepted(store, ROUTES, ANNA, COMPOSE, timed_sales=True) == 0
    jobs = [job for job in job_rows(store) if job.section]
    assert {job.printer for job in jobs} == {"grill", "bar"}
    assert all(job.state is JobState.QUEUED for job in jobs)
    assert all(any(line.startswith("For ") for line in words(job)) for job in jobs)
