"""A shop that speaks the staff API, by commands, against Django REST Framework and SimpleJWT."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from posapp.remote.tokens import read_sign_in
from tests.flow.cli.conftest import Cli
from tests.flow.cli.staff_desk import STEPS, add, move, refresh_token, show, stored, sync
from tests.support.drf_shop import CUSTOMER, PASSWORD, STAFF, DrfShop, staff_order

# --------------------------------------------------------------------------------------------- orders


def test_twelve_orders_come_in_as_the_seed_shows_them(cli: Cli, shop: DrfShop) -> None:
    assert add(cli, shop).code == 0
    ran = sync(cli)
    assert (ran.code, ran.data["pulled"], ran.data["quarantined"]) == (0, 12, 0)
    shown = show(cli, 7)
    order = shown["order"]
    assert (order["remote_id"], order["code"], order["status"]) == ("7", "1d07e3229370f07", "created")
    assert (order["customer_name"], order["phone"]) == ("test@user", "987654321")
    assert order["address"] == "25, add-1234, Kathmandu, Baglung"
    assert (order["payment_status"], order["payment_method"]) == ("paid", "cash")
    assert (order["total"], order["currency"], order["kind"]) == ("3465.0", "NPR", "delivery")
    assert order["created_at"] == "2020-09-05T13:33:14.770166+00:00"
    [line] = shown["lines"]
    assert (line["title"], line["quantity"]) == ("electronic bike", 5)
    assert (line["unit_price"], line["total"]) == ("693.0", "3465.0")
    assert shown["raw"]["c_name"] == "345wert"


@pytest.mark.parametrize("shape", ["array", "page", "object"])
def test_the_list_is_read_in_each_of_its_shapes(cli: Cli, shop: DrfShop, shape: str) -> None:
    shop.control(shape=shape)
    add(cli, shop)
    assert sync(cli).data["pulled"] == (1 if shape == "object" else 12)
    pages = {request["path"] for request in shop.requests("GET", "/apps/order/all/")}
    assert len(pages) == (3 if shape == "page" else 1)


def test_a_page_elsewhere_is_not_asked_for_and_the_list_counts_as_broken(cli: Cli, shop: DrfShop) -> None:
    shop.control(shape="page", next_host="http://127.0.0.2:9")
    add(cli, shop)
    ran = cli("sync", "--once", "--json", "--timeout", "2")
    assert (ran.code, ran.data["pulled"], ran.data["reachable"]) == (4, 5, True)
    assert "not the shop's list" in ran.err
    assert {request["path"] for request in shop.requests("GET", "/apps/order/all/")} == {"/apps/order/all/"}


def test_statuses_map_both_ways(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    sync(cli)
    for status, pair in STEPS.items():
        move(cli, 1, status)
        assert sync(cli).code == 0
        assert shop.pair(1) == pair
        assert show(cli, 1)["order"]["sync"] == "synced"
    bodies = [json.loads(request["body"]) for request in shop.requests("PATCH")]
    assert bodies[0] == {"order_status": 1, "delivery_status": 0}
    move(cli, 2, "cancelled")
    sync(cli)
    assert json.loads(shop.requests("PATCH")[-1]["body"]) == {"order_status": 4}
    shop.control(orders=[{"id": 3, "order_status": 2}, {"id": 4, "order_status": 4}])
    sync(cli)
    assert (show(cli, 3)["order"]["status"], show(cli, 4)["order"]["status"]) == ("cooking", "cancelled")


def test_a_pair_of_several_statuses_keeps_the_one_that_the_order_has(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    sync(cli)
    move(cli, 1, "timing")
    assert (sync(cli).code, shop.pair(1)) == (0, (1, 0))
    for _ in range(2):
        assert sync(cli).code == 0
        assert show(cli, 1)["order"]["status"] == "timing"
    move(cli, 1, "accepted")
    assert sync(cli).code == 0
    assert (show(cli, 1)["order"]["status"], show(cli, 1)["order"]["sync"]) == ("accepted", "synced")
    assert len(shop.requests("PATCH")) == 1, "the shop has one word for both, so nothing was to be sent"


def test_a_pair_that_nobody_knows_changes_nothing_here_and_our_next_step_goes_out(
    cli: Cli, shop: DrfShop
) -> None:
    add(cli, shop)
    sync(cli)
    move(cli, 1, "accepted")
    sync(cli)
    shop.control(orders=[{"id": 1, "order_status": 1, "delivery_status": 1}])
    assert sync(cli).code == 0
    shown = show(cli, 1)
    assert (shown["order"]["status"], shown["order"]["sync"]) == ("accepted", "synced")
    assert shown["raw"]["delivery_status"] == 1
    assert "foreign" not in {event["kind"] for event in shown["events"]}
    move(cli, 1, "cooking")
    assert (sync(cli).code, shop.pair(1)) == (0, (2, 0))


def test_finished_orders_of_the_list_are_not_read_one_by_one(cli: Cli, shop: DrfShop) -> None:
    shop.control(orders=[staff_order(number, order_status=3, delivery_status=2) for number in range(1, 13)])
    add(cli, shop)
    for _ in range(3):
        assert sync(cli).code == 0
    assert [request["path"] for request in shop.requests("GET") if "/all/" not in request["path"]] == []
    assert cli("orders", "list", "--status", "delivered", "--json").data["total"] == 12


def test_a_colleagues_corrections_come_in(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    sync(cli)
    shop.control(orders=[{"id": 5, "phone": "9800000005", "city": "Pokhara"}])
    sync(cli)
    order = show(cli, 5)["order"]
    assert (order["phone"], order["address"]) == ("9800000005", "25, add-1234, Pokhara, Baglung")


def test_an_answer_that_got_lost_is_found_by_reading(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    sync(cli)
    shop.control(fail_after=1)
    move(cli, 1, "accepted")
    assert (sync(cli).code, shop.pair(1)) == (0, (1, 0))
    assert len(shop.requests("PATCH")) == 1


# ------------------------------------------------------------------------------------------------ put


def test_a_server_without_patch_gets_the_whole_order(cli: Cli, shop: DrfShop) -> None:
    cart = {"id": 77, **staff_order(1)["cart"]}
    shop.control(no_patch=True, orders=[{"id": 1, "cart": cart}])
    add(cli, shop)
    sync(cli)
    shop.control(orders=[{"id": 1, "phone": "9811111111"}])
    move(cli, 1, "accepted")
    assert (sync(cli).code, shop.pair(1)) == (0, (1, 0))
    [sent] = [json.loads(request["body"]) for request in shop.requests("PUT")]
    assert (sent["cart"], sent["phone"], sent["order_status"]) == (77, "9811111111", 1)
    assert shop.order(1)["phone"] == "9811111111", "a colleague's correction was not written back"
    assert [request["status"] for request in shop.requests("PATCH")] == [405]


def test_a_put_without_the_number_of_the_cart_waits_for_a_person(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop, "--update", "put")
    sync(cli)
    move(cli, 1, "accepted")
    assert sync(cli).code == 5
    [row] = cli("queue", "list", "--json").data["queue"]
    assert row["state"] == "parked"
    assert "number of the cart" in row["last_error"]
    assert shop.requests("PUT") == []
    shop.control(orders=[{"id": 1, "cart": {"id": 5, **staff_order(1)["cart"]}}])
    assert cli("queue", "retry", row["id"]).code == 0
    assert (sync(cli).code, shop.pair(1)) == (0, (1, 0))


def test_what_only_the_server_refuses_is_told_with_its_field(cli: Cli, shop: DrfShop) -> None:
    cart = {"id": 77, **staff_order(1)["cart"]}
    shop.control(orders=[{"id": 1, "cart": cart, "district": "Atlantis"}])
    add(cli, shop, "--update", "put")
    sync(cli)
    move(cli, 1, "accepted")
    assert sync(cli).code == 5
    [row] = cli("queue", "list", "--json").data["queue"]
    assert "district" in row["last_error"]
    assert "not a valid choice" in row["last_error"]


# ------------------------------------------------------------------------------------------ signing in


def test_a_change_arrives_after_the_access_token_died(cli: Cli, shop: DrfShop) -> None:
    shop.control(access_seconds=1)
    add(cli, shop)
    sync(cli)
    time.sleep(2.1)
    for number in range(1, 6):
        move(cli, number, "accepted")
    assert sync(cli).code == 0
    assert {shop.pair(number) for number in range(1, 6)} == {(1, 0)}
    assert len(shop.requests("POST", "/api/token/obtain/")) == 1


def test_a_rotated_refresh_token_outlives_the_process(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    sync(cli)
    first = refresh_token(cli)
    assert sync(cli).code == 0
    second = refresh_token(cli)
    assert first
    assert second not in {"", first}
    assert sync(cli).code == 0
    assert len(shop.requests("POST", "/api/token/obtain/")) == 1
    assert {request["status"] for request in shop.requests("POST", "/api/token/refresh/")} == {200}


def test_with_a_dead_refresh_token_the_queue_waits_for_the_password(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    sync(cli)
    # The password was changed at the shop, and all tokens were ended.
    shop.control(end_refresh=True, passwords={STAFF: "canary-new-5d"})
    for number in range(1, 4):
        move(cli, number, "accepted")
    ran = sync(cli)
    assert (ran.code, ran.data["pending"]) == (5, 3)
    assert "the password is needed again" in ran.err
    assert "posapp remotes password kathmandu" in ran.err
    assert "posapp remotes password kathmandu" in cli("remotes", "test", "kathmandu").err
    assert {row["state"] for row in cli("queue", "list", "--json").data["queue"]} == {"pending"}
    assert shop.requests("PATCH") == []
    assert cli("remotes", "password", "kathmandu", stdin="canary-new-5d\n").code == 0
    assert sync(cli).code == 0
    assert {shop.pair(number) for number in range(1, 4)} == {(1, 0)}


def test_a_new_password_replaces_the_old_sign_in_and_nothing_else(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop, "--poll-seconds", "30", password="old")
    before = cli("remotes", "list", "--json").data["remotes"]
    ran = cli("remotes", "password", "kathmandu", "--json", stdin=f"{PASSWORD}\n")
    assert (ran.code, ran.data["remotes"]) == (0, before)
    assert PASSWORD not in ran.out + ran.err
    secrets, namespace = stored(cli)
    sign_in = read_sign_in(secrets.get(namespace, "kathmandu"))
    assert (sign_in.username, sign_in.password, sign_in.refresh) == (STAFF, PASSWORD, "")
    assert sync(cli).data["pulled"] == 12


def test_a_new_name_comes_with_the_new_password(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop, username=CUSTOMER)
    assert sync(cli).code == 5
    named = cli("remotes", "password", "kathmandu", "--username", STAFF, stdin=PASSWORD)
    assert "“kathmandu” has a new password." in named.out
    assert sync(cli).code == 0


def test_a_dead_refresh_token_is_no_trouble_while_the_password_holds(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    sync(cli)
    shop.control(end_refresh=True)
    move(cli, 1, "accepted")
    assert (sync(cli).code, shop.pair(1)) == (0, (1, 0))


def test_a_customers_account_is_told_in_a_sentence(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop, username=CUSTOMER)
    ran = sync(cli)
    assert (ran.code, ran.data["pulled"]) == (5, 0)
    assert "This account is not one of the shop's staff (403)." in ran.err
    assert "You do not have permission to perform this action." in ran.err
    tested = cli("remotes", "test", "kathmandu")
    assert tested.code == 5
    assert "not one of the shop's staff" in tested.err


def test_a_wrong_password_is_told_and_asked_for_once(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop, password="wrong")
    tested = cli("remotes", "test", "kathmandu")
    assert tested.code == 5
    assert "No active account found" in tested.err
    assert len(shop.requests("POST", "/api/token/obtain/")) == 1


def test_a_good_sign_in_is_tested_and_ended_when_the_shop_is_removed(cli: Cli, shop: DrfShop) -> None:
    add(cli, shop)
    assert cli("remotes", "test", "kathmandu").code == 0
    assert cli("remotes", "remove", "kathmandu").code == 0
    assert [request["status"] for request in shop.requests("POST", "/api/token/blacklist/")] == [200]
    secrets, namespace = stored(cli)
    assert secrets.get(namespace, "kathmandu") is None


def test_name_and_password_of_the_environment_are_used_and_stored_nowhere(
    cli: Cli, shop: DrfShop, apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSAPP_REMOTE_KATHMANDU_USERNAME", STAFF)
    monkeypatch.setenv("POSAPP_REMOTE_KATHMANDU_PASSWORD", PASSWORD)
    shop.control(access_seconds=1)
    base = ("remotes", "add", "kathmandu", "--format", "staff", "--base-url", shop.url)
    assert cli(*base).code == 0
    assert sync(cli).data["pulled"] == 12
    assert not list(apart.rglob("secrets.json.enc"))


def test_what_comes_from_the_environment_is_changed_there(
    cli: Cli, shop: DrfShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(cli, shop)
    monkeypatch.setenv("POSAPP_REMOTE_KATHMANDU_USERNAME", STAFF)
    monkeypatch.setenv("POSAPP_REMOTE_KATHMANDU_PASSWORD", "old")
    ran = cli("remotes", "password", "kathmandu", stdin=PASSWORD)
    assert ran.code == 3
    assert "POSAPP_REMOTE_KATHMANDU_USERNAME and POSAPP_REMOTE_KATHMANDU_PASSWORD" in ran.err


@pytest.mark.parametrize(
    ("arguments", "stdin", "field"),
    [([], "x\n", "username"), (["--username", STAFF], "", "password")],
)
def test_a_sign_in_needs_name_and_password(
    cli: Cli, shop: DrfShop, arguments: list[str], stdin: str, field: str
) -> None:
    base = ("remotes", "add", "kathmandu", "--format", "staff", "--base-url", shop.url)
    ran = cli(*base, "--json", *arguments, stdin=stdin)
    assert (ran.code, list(ran.data["error"]["fields"])) == (3, [field])


def test_no_secret_is_in_logs_database_backups_or_settings(
    cli: Cli, shop: DrfShop, data_dir: Path, tmp_path: Path
) -> None:
    shop.control(access_seconds=1)
    add(cli, shop)
    for number in range(1, 3):
        move_after_sync(cli, number)
        time.sleep(1.1)
    shop.control(end_refresh=True, passwords={STAFF: "another"})
    assert cli("sync", "--once", "-v").code == 5
    assert cli("backup", str(tmp_path / "copy.db")).code == 0
    canaries = {PASSWORD, refresh_token(cli), *issued(shop)}
    assert len(canaries) >= 4
    files = [path for path in [*data_dir.rglob("*"), tmp_path / "copy.db"] if path.is_file()]
    assert any(path.name == "posapp.log" for path in files)
    for path in files:
        content = path.read_bytes()
        assert [canary for canary in canaries if canary.encode() in content] == [], path


def move_after_sync(cli: Cli, number: int) -> None:
    assert sync(cli).code == 0
    move(cli, number, "accepted")
    assert cli("sync", "--once", "-v").code == 0


def issued(shop: DrfShop) -> set[str]:
    """Return every refresh token that was ever sent back to the shop."""
    bodies = [json.loads(request["body"]) for request in shop.requests("POST", "/api/token/refresh/")]
    return {body["refresh"] for body in bodies}
