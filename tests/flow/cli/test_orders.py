"""`posapp orders` and `posapp queue`: shapes, exit codes, sentences."""

from __future__ import annotations

import getpass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli
from tests.support.shop_orders import ANNA, START, order_fact, put_in, remote_order, rows_of, set_rows

O_KEYS = {
    "id", "code", "remote", "remote_id", "status", "payment_status", "payment_method", "source", "brand",
    "customer_name", "phone", "address", "total", "currency", "created_at", "due_at", "kind", "version",
    "sync",
}  # fmt: skip
Q_KEYS = {"id", "order_id", "kind", "target", "state", "attempts", "last_error", "created_at"}
ERROR_KEYS = {"title", "detail", "remedy", "fields"}


def test_an_empty_list(cli: Cli) -> None:
    assert cli("orders", "list", "--json").data == {"orders": [], "total": 0}
    assert cli("orders", "list").out == "No orders.\n"


def test_a_list_has_the_newest_first_and_counts_all(cli: Cli, shop_store: Store) -> None:
    for number in range(60):
        put_in(shop_store, remote_order(f"r{number}", created_at=START + timedelta(seconds=number)))

    data = cli("orders", "list", "--json").data
    assert data["total"] == 60
    assert [order["remote_id"] for order in data["orders"]] == [f"r{number}" for number in range(59, 9, -1)]
    assert {frozenset(order) for order in data["orders"]} == {frozenset(O_KEYS)}
    limited = cli("orders", "list", "--limit", "2", "--json").data
    assert (len(limited["orders"]), limited["total"]) == (2, 60)


def test_an_order_has_its_values_as_received(cli: Cli, shop_store: Store) -> None:
    put_in(shop_store, remote_order("r1", total="2600.00", due_at=START + timedelta(hours=1)))

    (order,) = cli("orders", "list", "--json").data["orders"]
    assert order["total"] == "2600.00"
    assert order["created_at"] == "2026-03-05T11:59:00+00:00"
    assert order["due_at"] == "2026-03-05T13:00:00+00:00"
    assert (order["remote"], order["remote_id"], order["code"]) == ("alma", "r1", "1001")
    assert (order["status"], order["sync"], order["version"]) == ("created", "synced", 1)


def test_lists_are_filtered_by_status_and_search(cli: Cli, shop_store: Store) -> None:
    put_in(
        shop_store,
        remote_order("r1", status="cooking"),
        remote_order("r2", status="delivered", phone="79990001122"),
        remote_order("r3", phone="79990001122", created_at=START - timedelta(days=1)),
    )

    def ids(*arguments: str) -> list[str]:
        return [order["remote_id"] for order in cli("orders", "list", *arguments, "--json").data["orders"]]

    assert ids("--status", "cooking", "--status", "DELIVERED") == ["r2", "r1"]
    assert ids("--search", "1122") == ["r2", "r3"]
    assert ids("--search", "1122", "--status", "created") == ["r3"]
    assert ids("--search", "nobody") == []


def test_texts_of_strangers_cannot_steer_the_terminal(cli: Cli, shop_store: Store) -> None:
    put_in(
        shop_store, remote_order("r1", customer_name="\x1b[31mEve\u202e\nx", comment="a\x07b\n\x1b]0;t\x07")
    )

    for ran in (cli("orders", "list"), cli("orders", "show", "1001")):
        assert ran.code == 0
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)


def test_show_has_everything(cli: Cli, shop_store: Store) -> None:
    raw = '{"id": "r1", "loyalty": {"level": 1.10, "n": 12345678901234567890123}, "тест": "ә"}'
    (pk,) = put_in(shop_store, remote_order("r1", raw=raw))
    orders.move(shop_store, pk, Status.ACCEPTED, ANNA, reason="rings")

    ran = cli("orders", "show", "r1", "--json")
    data = ran.data
    assert set(data) == {"order", "lines", "events", "queue", "raw"}
    assert raw in ran.out  # every digit as received
    assert data["lines"] == [
        {
            "title": "Маргарита", "quantity": 1, "unit_price": "2600.00", "total": "2600.00", "additions": [],
            "notes": "",
        }
    ]  # fmt: skip
    assert [set(event) for event in data["events"]] == [{"at", "kind", "actor", "station", "detail"}] * 3
    assert [event["kind"] for event in data["events"]] == ["received", "noticed", "moved"]
    assert data["events"][2]["detail"] == "Moved from created to accepted: rings."
    assert data["events"][2]["actor"] == "anna"
    (row,) = data["queue"]
    assert set(row) == Q_KEYS
    assert (row["target"], row["state"], row["order_id"]) == ("accepted", "pending", data["order"]["id"])
    assert datetime.fromisoformat(row["created_at"]).utcoffset() == timedelta(0)
    assert "Маргарита" in cli("orders", "show", "#1001").out


def test_an_order_without_payload_has_an_empty_raw(cli: Cli, shop_store: Store) -> None:
    put_in(shop_store, remote_order("r1", raw="not json"))

    assert cli("orders", "show", "r1", "--json").data["raw"] == {}


# -- move ----------------------------------------------------------------------------------------------


def test_a_move_is_written_with_who_and_why(cli: Cli, shop_store: Store, data_dir: Path) -> None:
    (data_dir / "posapp.toml").write_text('[station]\nname = "bar"\n')
    (pk,) = put_in(shop_store, remote_order("r1"))

    ran = cli("orders", "move", "1001", "accepted", "--reason", "by phone", "--json")

    assert ran.code == 0
    assert set(ran.data["order"]) == O_KEYS
    assert (ran.data["order"]["status"], ran.data["order"]["sync"]) == ("accepted", "pending")
    assert rows_of(shop_store, pk) == [("status", "accepted", "created", "pending")]
    event = cli("orders", "show", "1001", "--json").data["events"][-1]
    assert (event["actor"], event["station"]) == (getpass.getuser(), "bar")
    assert cli("orders", "move", "1001", "cooking").out == "Order #1001: accepted → cooking.\n"


def test_the_status_it_has_is_no_error_and_writes_nothing(cli: Cli, shop_store: Store) -> None:
    (pk,) = put_in(shop_store, remote_order("r1"))

    ran = cli("orders", "move", "r1", "created", "--json")

    assert ran.code == 0
    assert ran.data["order"]["version"] == 1
    assert rows_of(shop_store, pk) == []


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        (("nope", "accepted"), "no order"),
        (("r1", "flying"), "no status"),
        (("r1", "delivered"), "cannot become"),
        (("", "accepted"), "no order"),
        (("\udcff", "accepted"), "no order"),
    ],
)
def test_a_refused_move(cli: Cli, shop_store: Store, arguments: tuple[str, str], title: str) -> None:
    (pk,) = put_in(shop_store, remote_order("r1"))

    ran = cli("orders", "move", *arguments, "--json")

    assert ran.code == 3
    assert set(ran.data) == {"error"}
    assert set(ran.data["error"]) == ERROR_KEYS
    assert title in ran.data["error"]["title"]
    assert title in ran.err
    assert order_fact(shop_store, pk, "status") == "created"


def test_a_name_of_several_orders_lists_them(cli: Cli, shop_store: Store) -> None:
    put_in(shop_store, remote_order("1002"), remote_order("r2"))

    ran = cli("orders", "move", "1002", "accepted", "--json")

    assert ran.code == 3
    assert "#1001" in ran.data["error"]["detail"]
    assert "#1002" in ran.err


# -- decisions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "status", "sync"), [("mine", "accepted", "pending"), ("theirs", "cancelled", "synced")]
)
def test_a_conflict_is_settled(cli: Cli, shop_store: Store, choice: str, status: str, sync: str) -> None:
    (pk,) = put_in(shop_store, remote_order("r1"))
    orders.move(shop_store, pk, Status.ACCEPTED, ANNA)
    set_rows(shop_store, pk, "conflict", theirs="cancelled")
    assert cli("orders", "list", "--json").data["orders"][0]["sync"] == "conflict"

    ran = cli("orders", "resolve", "r1", choice, "--json")

    assert ran.code == 0
    assert (ran.data["order"]["status"], ran.data["order"]["sync"]) == (status, sync)
    assert cli("orders", "resolve", "r1", choice).code == 3  # it is settled by now


def test_nothing_to_settle_is_refused(cli: Cli, shop_store: Store) -> None:
    put_in(shop_store, remote_order("r1"))

    assert cli("orders", "resolve", "r1", "mine").code == 3
    assert cli("orders", "resolve", "nope", "mine").code == 3
    assert cli("orders", "resolve", "r1", "both").code == 2


def test_the_queue_is_listed_retried_and_discarded(cli: Cli, shop_store: Store) -> None:
    (pk,) = put_in(shop_store, remote_order("r1"))
    orders.move(shop_store, pk, Status.ACCEPTED, ANNA)
    set_rows(shop_store, pk, "parked", last_error="Status: is not included in the list")

    (row,) = cli("queue", "list", "--json").data["queue"]
    assert set(row) == Q_KEYS
    assert (row["state"], row["last_error"]) == ("parked", "Status: is not included in the list")
    assert row["last_error"] in cli("queue", "list").out
    assert cli("queue", "list", "--state", "pending", "--json").data == {"queue": []}

    (row,) = cli("queue", "retry", row["id"], "--json").data["queue"]
    assert row["state"] == "pending"
    (row,) = cli("queue", "discard", row["id"][:8], "--reason", "typed wrong", "--json").data["queue"]
    assert (row["state"], row["last_error"]) == ("superseded", "discarded: typed wrong")
    assert cli("queue", "list", "--json").data["queue"] == [row]
    assert cli("queue", "list", "--state", "parked", "--json").data == {"queue": []}
    assert cli("queue", "list", "--state", "parked").out == "There are no such changes.\n"
    assert cli("queue", "list", "--state", "superseded", "--json").data["queue"] == [row]
    assert cli("queue", "list", "--state", "all", "--json").data["queue"] == [row]
    assert cli("orders", "show", "r1", "--json").data["order"]["status"] == "created"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("list", "--state", "lost"), 3),
        (("retry", "nothing"), 3),
        (("discard", "nothing", "--reason", "x"), 3),
        (("discard", "nothing"), 2),
        (("retry",), 2),
        ((), 2),
    ],
)
def test_wrong_use_of_the_queue(cli: Cli, arguments: tuple[str, ...], code: int) -> None:
    ran = cli("queue", *arguments, "--json")

    assert ran.code == code
    assert ran.data["error"]["title"]
    assert ran.err


def test_of_a_long_queue_nothing_that_waits_is_left_out(cli: Cli, shop_store: Store) -> None:
    pks = put_in(shop_store, *(remote_order(f"r{number}") for number in range(1_200)))
    with shop_store.write() as tx:
        tx.executemany(
            "INSERT INTO outbox(id, order_pk, kind, target, base, forced, undo, station, actor, created_at, "
            "state, attempts, reached, refusals, last_class, last_error, theirs, lease, reason) "
            "VALUES (?, ?, 'status', 'accepted', 'created', 0, 0, 's', 's', 0, ?, 0, 0, 0, '', '', '', "
            "'', '')",
            [(f"id-{pk}", pk, "pending") for pk in pks] + [(f"old-{pk}", pk, "confirmed") for pk in pks],
        )

    listed = [row["id"] for row in cli("queue", "list", "--json").data["queue"]]
    assert listed == [f"id-{pk}" for pk in pks] + [f"old-{pk}" for pk in pks[200:]]
    assert len(cli("queue", "list", "--state", "pending", "--json").data["queue"]) == 1_200
    assert len(cli("queue", "list", "--state", "confirmed", "--json").data["queue"]) == 1_200
    assert len(cli("queue", "list", "--state", "all", "--json").data["queue"]) == 2_400
