"""Cases that the simulation found, each as small as it gets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from posapp.domain.status import Status
from posapp.remote.api import Answer, NoReply, Reply, Request
from posapp.remote.staff import StaffFormat
from posapp.services import catalogue, conflicts, orders
from posapp.services.edit_form import read_form
from posapp.services.edits import save, undo_save
from posapp.services.field_conflicts import resolve_fields
from posapp.services.publishing import Shop
from posapp.storage.details import queue_rows
from posapp.sync.lane import Lane
from posapp.sync.product_lane import ProductLane
from tests.support.drf_shop import staff_order
from tests.support.till import pizza
from tests.unit.sync.bench import CUT, DOWN, WHO, Bench, only, said
from tests.unit.sync.conftest import MakeBench
from tests.unit.sync.staff_bench import CONFIG, StaffBench

ZONE = ZoneInfo("Asia/Kathmandu")


def edit(bench: StaffBench, **values: str) -> None:
    save(bench.store, bench.pk(1), values, WHO, ZONE)
    bench.lane.agenda.wake()


def value(bench: StaffBench, name: str) -> str:
    return read_form(bench.store, bench.pk(1)).values[name]


def started(bench: StaffBench) -> StaffBench:
    bench.put(1)
    bench.run(1)
    return bench


def refusing(**texts: str) -> object:
    """Refuse these texts in every write."""

    def instead(request: Request) -> Answer | None:
        wrong = [
            name for name, text in texts.items() if f'"{name}": "{text}"'.encode() in (request.body or b"")
        ]
        return said({name: ["There is no such place."] for name in wrong}, 400) if wrong else None

    return instead


def test_an_order_that_left_the_list_is_looked_for_after_the_clock_was_put_back(bench: Bench) -> None:
    bench.clock.now -= timedelta(hours=1)
    bench.run()
    bench.foreign(Status.CANCELLED)
    bench.run(60)
    assert bench.status() == "cancelled"


def test_several_edits_given_up_at_once_leave_what_the_shop_has(staff_bench: StaffBench) -> None:
    desk = started(staff_bench)
    there = desk.orders[1]["street"]
    desk.run(7)
    orders.move(desk.store, desk.pk(1), Status.ACCEPTED, WHO)
    edit(desk, street="New Road")
    orders.move(desk.store, desk.pk(1), Status.COOKING, WHO)  # so that the edits are not joined
    edit(desk, street="Durbar Marg")
    orders.move(desk.store, desk.pk(1), Status.CANCELLED, WHO)
    desk.lane.agenda.wake()
    desk.run(60)
    assert (value(desk, "street"), desk.orders[1]["street"]) == (there, there)
    assert desk.fact(1, "sync") == "synced"


def test_a_corrected_edit_is_not_overtaken_by_an_older_one(staff_bench: StaffBench) -> None:
    desk = started(staff_bench)
    desk.instead = refusing(street="nowhere")  # type: ignore[assignment] # of the right shape
    edit(desk, street="nowhere")
    desk.run(10)
    assert desk.fact(1, "sync") == "failed"
    orders.move(desk.store, desk.pk(1), Status.ACCEPTED, WHO)
    with desk.store.write() as tx:  # an edit made before the refusal was known
        tx.execute("UPDATE outbox SET state = 'pending'")
    edit(desk, street="Durbar Marg")
    with desk.store.write() as tx:
        tx.execute("UPDATE outbox SET state = 'parked'")
    edit(desk, street="New Road")
    desk.run(60)
    assert (value(desk, "street"), desk.orders[1]["street"]) == ("New Road", "New Road")
    assert desk.fact(1, "sync") == "synced"


def test_theirs_comes_in_when_the_refused_edit_of_the_field_is_taken_back(staff_bench: StaffBench) -> None:
    desk = started(staff_bench)
    desk.instead = refusing(street="nowhere")  # type: ignore[assignment] # of the right shape
    edit(desk, street="nowhere")
    desk.run(10)
    desk.orders[1]["street"] = "Durbar Marg"
    desk.run(60)
    undo_save(desk.store, desk.pk(1), WHO)
    desk.lane.agenda.wake()
    desk.run(120)
    assert (value(desk, "street"), desk.fact(1, "sync")) == ("Durbar Marg", "synced")


def test_one_word_for_several_statuses_means_what_the_order_is_by_now(staff_bench: StaffBench) -> None:
    desk = started(staff_bench)
    orders.move(desk.store, desk.pk(1), Status.ACCEPTED, WHO)
    desk.lane.agenda.wake()
    desk.run(1)

    def meanwhile(request: Request) -> None:
        if b"street" in (request.body or b""):
            orders.move(desk.store, desk.pk(1), Status.ACCEPTED, WHO)

    desk.instead = meanwhile
    edit(desk, street="New Road")  # which makes it edited: the same numbers to this shop
    desk.run(1)
    edit(desk, name="Sunita")
    desk.run(60)
    assert (desk.fact(1, "status"), desk.fact(1, "sync")) == ("accepted", "synced")


def test_theirs_stands_although_the_field_was_edited_once_more_meanwhile(staff_bench: StaffBench) -> None:
    desk = started(staff_bench)
    desk.run(7)
    edit(desk, name="Sunita")
    desk.orders[1]["name"] = "Anil"
    desk.run(10)
    assert desk.fact(1, "sync") == "conflict"
    edit(desk, name="Maya", street="New Road")
    resolve_fields(desk.store, desk.pk(1), {"name": "theirs"}, WHO)
    assert value(desk, "name") == "Anil"
    desk.lane.agenda.wake()
    desk.run(60)
    assert (value(desk, "name"), desk.orders[1]["name"]) == ("Anil", "Anil")
    assert (desk.orders[1]["street"], desk.fact(1, "sync")) == ("New Road", "synced")


def test_what_a_colleague_set_back_is_not_taken_for_a_late_whole_order(staff_bench: StaffBench) -> None:
    desk = staff_bench
    desk.lane = Lane(desk.store, CONFIG, StaffFormat("put"), "counter-1", Random(3))
    desk.put(1, cart={"id": 77, **staff_order(1)["cart"]})
    desk.run(1)
    before = desk.orders[1]["name"]
    edit(desk, name="Sunita")
    desk.run(17)  # what was read last is too old to rest a write on
    desk.orders[1]["name"] = before
    edit(desk, name="Maya")
    desk.run(20)
    assert (desk.orders[1]["name"], desk.fact(1, "sync")) == (before, "conflict")


def test_a_conflict_about_a_field_that_stays_here_shows_what_it_is_by_now(bench: Bench) -> None:
    zone = ZoneInfo("Asia/Almaty")
    bench.run(7)
    save(bench.store, 1, {"comment": "Без лука"}, WHO, zone)
    bench.shop.orders[bench.shop.ids[0]]["comment"] = "Позвоните"
    bench.lane.agenda.wake()
    bench.run(60)
    assert bench.sync() == "conflict"
    save(bench.store, 1, {"comment": "Без лука, с перцем"}, WHO, zone)
    asked = read_form(bench.store, 1).conflicts["comment"]
    assert asked.ours == "Без лука, с перцем"
    conflicts.resolve(bench.store, 1, "mine", WHO)
    bench.run(60)
    assert (read_form(bench.store, 1).values["comment"], bench.sync()) == ("Без лука, с перцем", "synced")


def test_undo_over_a_step_that_is_under_way_leaves_no_difference(make_bench: MakeBench) -> None:
    bench = make_bench(collapse="all")
    bench.shop.fault = only("write", CUT, times=1)
    bench.move(Status.EDITED)
    bench.run()
    bench.shop.fault = only("", DOWN)
    bench.move(Status.ACCEPTED, Status.EDITED)
    bench.run(60)  # there and back again: both are given up
    for _ in range(3):
        bench.undo()
    assert bench.status() == "created"
    queue = queue_rows(bench.store, order_pk=1)
    waiting = [row.target for row in queue if row.state in {"pending", "in_flight"}]
    assert waiting == ["edited", "created"]
    bench.shop.fault = None
    bench.run(300)
    assert (bench.there(), bench.sync()) == ("created", "synced")


def test_an_edit_on_top_of_one_that_a_cancellation_took_along_begins_at_the_shop(
    staff_bench: StaffBench,
) -> None:
    desk = started(staff_bench)
    there = desk.orders[1]["street"]
    desk.run(7)
    edit(desk, street="New Road")
    orders.move(desk.store, desk.pk(1), Status.CANCELLED, WHO)
    edit(desk, street="Durbar Marg")
    desk.instead = lambda request: CUT if request.body else None
    desk.run(30)  # the cancellation makes the first edit pointless
    edit(desk, street="New Road")  # which is what nobody ever saw at the shop
    assert desk.orders[1]["street"] == there
    desk.instead = lambda request: None
    desk.run(90)
    assert (value(desk, "street"), desk.orders[1]["street"]) == ("New Road", "New Road")
    assert desk.fact(1, "sync") == "synced"


def test_a_discarded_edit_that_arrives_late_after_all_is_put_right(staff_bench: StaffBench) -> None:
    desk = started(staff_bench)
    there = desk.orders[1]["street"]
    lost: Iterator[Reply | NoReply] = iter([CUT, said({}, 429)])
    desk.instead = lambda request: next(lost, None) if request.body else None
    edit(desk, street="New Road")
    desk.run(3)
    name = desk.store.all("SELECT id FROM outbox")[0][0]
    conflicts.discard(desk.store, [name], "a mistake", WHO)
    desk.run(40)
    assert value(desk, "street") == there
    desk.orders[1]["street"] = "New Road"  # what was given up arrives
    desk.run(60)
    assert (value(desk, "street"), desk.orders[1]["street"]) == (there, there)
    assert desk.fact(1, "sync") == "synced"


def test_a_field_is_not_put_back_to_what_a_list_has_overtaken(staff_bench: StaffBench) -> None:
    desk = started(staff_bench)
    before = desk.orders[1]["street"]
    edit(desk, street="New Road")
    desk.run(200)  # and nothing of it can arrive late any more
    desk.instead = lambda request: DOWN if "order/1/" in request.path else None
    edit(desk, street="Durbar Marg")
    desk.orders[1]["street"] = before
    desk.run(60)  # the list shows that, the order itself cannot be read
    name = desk.store.all("SELECT id FROM outbox WHERE state = 'pending'")[0][0]
    conflicts.discard(desk.store, [name], "a mistake", WHO)
    desk.instead = lambda request: None
    desk.lane.agenda.wake()
    desk.run(120)
    assert (value(desk, "street"), desk.fact(1, "sync")) == (before, "synced")


def test_theirs_of_a_lost_order_leaves_none_of_its_steps_waiting(staff_bench: StaffBench) -> None:
    desk = started(staff_bench)
    desk.instead = lambda request: said({}, 404) if "order/1" in request.path else None
    edit(desk, street="New Road")
    desk.run(200)
    assert desk.fact(1, "sync") == "failed"
    orders.move(desk.store, desk.pk(1), Status.ACCEPTED, WHO)
    conflicts.resolve(desk.store, desk.pk(1), "theirs", WHO)
    assert (desk.fact(1, "status"), desk.fact(1, "sync")) == ("cancelled", "synced")


def test_a_cancelled_order_keeps_what_waits_behind_a_question(staff_bench: StaffBench) -> None:
    desk = started(staff_bench)
    before = value(desk, "name")
    desk.instead = lambda request: CUT if request.body else None
    edit(desk, name="Sunita")
    desk.run(0)  # it has left, and nobody knows what became of it
    undo_save(desk.store, desk.pk(1), WHO)
    desk.orders[1]["name"] = "Anil"
    desk.lane.agenda.wake()
    desk.run(10)
    assert desk.fact(1, "sync") == "conflict"
    desk.orders[1]["order_status"] = 4
    desk.run(60)
    assert desk.fact(1, "status") == "cancelled"
    targets = [row.state for row in queue_rows(desk.store, order_pk=desk.pk(1)) if row.state == "parked"]
    assert (len(targets), value(desk, "name")) == (1, before)


def test_orders_wait_when_the_shop_asked_for_it_in_an_answer_about_products(make_bench: MakeBench) -> None:
    bench = make_bench(1)
    bench.run(5)
    catalogue.save_product(bench.store, pizza(), "KZT", WHO, shops=[Shop(bench.lane.config.name, "KZT")])
    products = ProductLane(bench.store, bench.lane, WHO.station, Random(7))
    assert products.poll(bench.clock()) is not None
    products.answered(said({}, 429, retry_after="30"), bench.clock())
    products.close()

    before = len(bench.shop.asked)
    bench.move(Status.ACCEPTED)
    bench.kick()
    bench.run(29)
    assert len(bench.shop.asked) == before
    bench.run(10)
    assert bench.there() == "accepted"
