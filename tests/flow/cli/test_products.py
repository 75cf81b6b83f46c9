"""`posapp products` and `posapp orders add`, against a real server: shapes, exit codes, sentences."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from posapp.domain.catalogue import FURTHER_NOTICE
from posapp.services import catalogue
from posapp.services.publishing import mark_sending
from posapp.storage.catalogue import product, products
from posapp.storage.publishing import open_product_rows
from posapp.storage.sales import payment_lines
from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli
from tests.flow.cli.test_orders import ERROR_KEYS, O_KEYS, Q_KEYS
from tests.support.faulty_plan import Fault, FaultKind
from tests.support.faulty_remote import FaultyRemote
from tests.support.shop_orders import ANNA
from tests.support.till import SIZES, pizza

TABLE = "internal_id;title;weight;price;category\np-1;Маргарита;450 г;2 600,00;Pizza\np-2;Чай;;500;Drinks\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "products.csv"
    path.write_text(TABLE, "utf-8-sig")
    return path


def many(store: Store, count: int) -> None:
    for number in range(count):
        catalogue.save_product(store, pizza(internal_id=f"p-{number}"), "KZT", ANNA)


# -- import, list, export ------------------------------------------------------------------------------


def test_a_table_is_shown_then_taken_in(cli: Cli, shop_store: Store, table: Path) -> None:
    shown = cli("products", "import", str(table), "--preview", "--json").data
    assert (shown["saved"], shown["added"], shown["changed"]) == (False, 2, 0)
    assert products(shop_store) == ()
    taken = cli("products", "import", str(table), "--json")

    assert taken.code == 0
    assert [(item["internal_id"], item["price"]) for item in taken.data["products"]] == [
        ("p-1", "2600.00"), ("p-2", "500.00"),
    ]  # fmt: skip
    again = cli("products", "import", str(table))
    assert again.out == "0 added, 0 changed, 2 as they were.\n"
    listed = cli("products", "list", "--json").data["products"]
    assert [item["title"] for item in listed] == ["Маргарита", "Чай"]
    assert set(listed[0]) == {
        "internal_id", "title", "weight", "price", "category", "colour", "icon", "station", "tax_percent",
        "modifiers", "deleted", "sold_out_until", "position", "address",
    }  # fmt: skip
    assert [
        item["title"] for item in cli("products", "list", "--search", "ЧАЙ", "--json").data["products"]
    ] == ["Чай"]


def test_rows_with_problems_stop_the_import(cli: Cli, shop_store: Store) -> None:
    bad = TABLE + "p-3;;;dear;\n"
    ran = cli("products", "import", "-", "--json", stdin=bad)

    assert ran.code == 3
    assert set(ran.data["error"]) == ERROR_KEYS
    assert ran.data["error"]["fields"] == {"row 4, price": "“dear” is not a number."}
    assert ran.data["problems"] == [{"row": 4, "field": "price", "problem": "“dear” is not a number."}]
    assert products(shop_store) == ()
    assert cli("products", "import", "-", "--preview", stdin=bad).code == 3
    assert cli("products", "import", "-", "--skip-errors", stdin=bad).code == 0
    assert len(products(shop_store)) == 2


def test_what_was_exported_is_imported(cli: Cli, shop_store: Store, tmp_path: Path) -> None:
    catalogue.save_product(shop_store, pizza(modifiers=(SIZES,)), "KZT", ANNA)
    out = tmp_path / "out.csv"

    assert cli("products", "export", str(out), "--json").data["ok"] is True
    assert cli("products", "import", str(out)).out == "0 added, 0 changed, 1 as they were.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("import", "no such file"), 2),
        (("import", "/"), 2),
        (("import",), 2),
        (("publish",), 3),
        (("publish", "--timeout", "0"), 2),
        (("publish", "--remote", "nope"), 3),
        (("bake",), 2),
        ((), 2),
    ],
)
def test_wrong_use(cli: Cli, arguments: tuple[str, ...], code: int) -> None:
    ran = cli("products", *arguments, "--json")

    assert ran.code == code
    assert ran.data["error"]["title"]


# -- publish -------------------------------------------------------------------------------------------


def test_few_are_published_one_by_one(cli: Cli, connected: FaultyRemote, shop_store: Store) -> None:
    many(shop_store, 3)
    ran = cli("products", "publish", "--json")

    assert ran.code == 0
    assert ran.data == {
        "products": [], "queued": 3, "published": 3, "pending": 0, "refused": 0, "reachable": True,
    }  # fmt: skip
    assert connected.shelf.products["p-1"] == {
        "internal_id": "p-1", "title": "Маргарита", "weight": "", "price": "2600.00", "deleted": False,
    }  # fmt: skip
    assert (connected.count("upsert"), connected.count("import")) == (3, 0)
    rows = cli("queue", "list", "--json").data["queue"]
    assert {frozenset(row) for row in rows} == {frozenset(Q_KEYS)}
    assert [(row["kind"], row["order_id"], row["target"], row["state"]) for row in rows] == [
        ("product", None, f"p-{number}", "confirmed") for number in range(3)
    ]
    assert cli("products", "publish").out == "0 published, 0 waiting, 0 refused.\n"


def test_many_are_imported_and_asked_for(cli: Cli, connected: FaultyRemote, shop_store: Store) -> None:
    many(shop_store, 40)

    assert cli("products", "publish", "--json").data["published"] == 40
    assert len(connected.shelf.products) == 40
    assert (connected.count("upsert"), connected.count("import"), connected.count("progress")) == (0, 1, 3)


def test_one_bad_product_does_not_keep_the_others(
    cli: Cli, connected: FaultyRemote, shop_store: Store
) -> None:
    many(shop_store, 15)
    connected.shelf.refuse = lambda name: "Цена неверна" if name == "p-7" else None
    ran = cli("products", "publish", "--json")

    assert ran.code == 5
    assert (ran.data["published"], ran.data["refused"]) == (14, 1)
    (left,) = ran.data["products"]
    assert (left["internal_id"], left["state"]) == ("p-7", "parked")
    assert "Цена неверна" in left["last_error"]
    (row,) = cli("queue", "list", "--state", "parked", "--json").data["queue"]
    assert row["target"] == "p-7"
    connected.shelf.refuse = lambda _name: None
    assert cli("queue", "retry", row["id"], "--json").data["queue"][0]["state"] == "pending"
    assert cli("products", "publish").code == 0
    assert len(connected.shelf.products) == 15


def test_a_refused_product_is_given_up_or_replaced(
    cli: Cli, connected: FaultyRemote, shop_store: Store
) -> None:
    many(shop_store, 1)
    connected.shelf.refuse = lambda _name: "no"
    assert cli("products", "publish").code == 5
    (row,) = cli("queue", "list", "--json").data["queue"]
    ran = cli("queue", "discard", row["id"], "--reason", "not for the web", "--json")

    assert (ran.code, ran.data["queue"][0]["state"]) == (0, "superseded")
    assert "product" in cli("queue", "list").out
    connected.shelf.refuse = lambda _name: None
    assert cli("products", "publish", "--all", "--json").data["published"] == 1


def test_sold_out_products_vanish_from_the_shop_where_the_setting_says_so(
    cli: Cli, connected: FaultyRemote, shop_store: Store, data_dir: Path
) -> None:
    many(shop_store, 2)
    cli("products", "publish")
    catalogue.set_sold_out(shop_store, "p-1", FURTHER_NOTICE, ANNA)
    cli("products", "publish")
    assert connected.shelf.products["p-1"]["deleted"] is False
    settings = data_dir / "posapp.toml"
    settings.write_text(settings.read_text() + "\n[sales]\nhide_sold_out = true\n")
    cli("products", "publish")

    assert [connected.shelf.products[name]["deleted"] for name in ("p-0", "p-1")] == [False, True]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "e500", "e500_after", "truncated", "empty200"])
def test_a_cut_connection_is_made_good(
    cli: Cli, connected: FaultyRemote, shop_store: Store, kind: str
) -> None:
    many(shop_store, 12)
    connected.next_fault(FaultKind(kind), "import")
    connected.next_fault(FaultKind(kind), "progress")

    ran = cli("products", "publish", "--json")
    assert (ran.code, ran.data["pending"], len(connected.shelf.products)) == (0, 0, 12)


def test_an_import_that_the_shop_forgot_goes_one_by_one(
    cli: Cli, connected: FaultyRemote, shop_store: Store
) -> None:
    many(shop_store, 12)
    connected.shelf.forgets_imports = True

    assert cli("products", "publish").code == 0
    assert (len(connected.shelf.products), connected.count("upsert")) == (12, 12)


def test_a_later_start_goes_on_where_one_was_killed(
    cli: Cli, connected: FaultyRemote, shop_store: Store
) -> None:
    many(shop_store, 3)
    connected.go_offline()
    gone = cli("products", "publish", "--timeout", "1", "--json")
    assert (gone.code, gone.data["pending"], gone.data["reachable"]) == (4, 3, False)
    connected.go_online()
    # As a process leaves them that ends between sending and hearing.
    mark_sending(shop_store, open_product_rows(shop_store, "alma"))

    ran = cli("products", "publish", "--json")
    assert (ran.code, ran.data["queued"], ran.data["published"]) == (0, 0, 3)


def test_a_wrong_key_is_told(cli: Cli, connected: FaultyRemote, shop_store: Store) -> None:
    many(shop_store, 2)
    connected.api_key = "another"
    ran = cli("products", "publish", "--json")

    assert ran.code == 5
    assert "let us in" in ran.data["error"]["title"]
    assert connected.count("upsert") == 1


def test_a_shop_that_wants_a_pause_gets_it(cli: Cli, connected: FaultyRemote, shop_store: Store) -> None:
    many(shop_store, 2)
    connected.next_fault(Fault(FaultKind.E429, retry_after="600"), "upsert")

    ran = cli("products", "publish", "--timeout", "5", "--json")
    assert (ran.code, ran.data["pending"]) == (4, 2)
    assert cli("products", "publish", "--timeout", "5").code == 4
    assert connected.count("upsert") == 1


# -- orders add ----------------------------------------------------------------------------------------


def test_an_order_is_added_and_paid(cli: Cli, shop_store: Store) -> None:
    catalogue.save_product(shop_store, pizza(modifiers=(SIZES,)), "KZT", ANNA)
    content = {
        "customer_name": "Айгерим",
        "phone": "+7 701 234-18-06",
        "kind": "delivery",
        "address": "пр. Абая, 52",
        "comment": "no onions",
        "delivery_cost": "800",
        "lines": [
            {"internal_id": "p-1", "quantity": 2, "additions": ["L"], "notes": "hot"},
            {"title": "Bun", "unit_price": 150.5},
        ],
        "discounts": [{"percent": 10, "reason": "friend"}],
        "payments": [
            {"method": "card", "amount": "1000", "reference": "77"},
            {"method": "cash", "tendered": 9000},
        ],
    }
    ran = cli("orders", "add", "-", "--json", stdin=json.dumps(content, ensure_ascii=False))

    assert ran.code == 0
    order = ran.data["order"]
    assert set(order) == O_KEYS
    # (2 × 2900.00 + 150.50) less 10 %, and the way.
    assert (order["code"], order["total"], order["currency"]) == ("C1-001", "6155.45", "KZT")
    assert (order["remote"], order["remote_id"], order["sync"], order["status"]) == (
        None, None, "local", "accepted",
    )  # fmt: skip
    assert (order["payment_status"], order["payment_method"], order["source"]) == ("paid", "mixed", "counter")
    shown = cli("orders", "show", "C1-001", "--json").data
    assert shown["lines"][0] == {
        "title": "Маргарита", "quantity": 2, "unit_price": "2900.00", "total": "5220.00", "additions": ["L"],
        "notes": "hot",
    }  # fmt: skip
    found = shop_store.one("SELECT pk FROM orders WHERE code = 'C1-001'")
    assert found is not None
    cash = payment_lines(shop_store, found[0])[1].payment
    assert (cash.amount, cash.change) == (Decimal("5155.45"), Decimal("3844.55"))
    assert [event["kind"] for event in shown["events"]] == ["sold", "paid", "paid"]


def test_the_smallest_order_is_for_pickup_and_not_paid(cli: Cli) -> None:
    ran = cli("orders", "add", "-", stdin='{"lines": [{"title": "Bun", "unit_price": "150"}]}')
    assert (ran.code, ran.out) == (0, "Order #C1-001: 150\xa0₸, unpaid.\n")

    order = cli("orders", "list", "--json").data["orders"][0]
    assert (order["kind"], order["payment_status"]) == ("pickup", "unpaid")


def test_what_show_prints_can_be_added_again(cli: Cli, tmp_path: Path) -> None:
    cli(
        "orders",
        "add",
        "-",
        stdin='{"table": "5", "lines": [{"title": "Bun", "unit_price": "150", "quantity": 3}]}',
    )
    file = tmp_path / "again.json"
    file.write_text(cli("orders", "show", "C1-001", "--json").out, "utf-8")

    order = cli("orders", "add", str(file), "--json").data["order"]
    assert (order["code"], order["total"]) == ("C1-002", "450.00")


def test_fields_that_are_not_valid_are_named(cli: Cli, shop_store: Store) -> None:
    sizes = pizza(modifiers=(SIZES,))
    catalogue.save_product(shop_store, sizes, "KZT", ANNA)
    catalogue.save_product(shop_store, replace(pizza(internal_id="old"), deleted=True), "KZT", ANNA)
    catalogue.save_product(shop_store, pizza(internal_id="out"), "KZT", ANNA)
    catalogue.set_sold_out(shop_store, "out", FURTHER_NOTICE, ANNA)
    content = {
        "name": "x" * 501,
        "phone": ["+7"],
        "kind": "drone",
        "colour": "red",
        "due_at": "tomorrow",
        "currency": "USD",
        "payment_method": "gold",
        "lines": [
            {"internal_id": "p-1"},
            {"internal_id": "p-1", "additions": ["XXL", "S"]},
            {"internal_id": "old"},
            {"internal_id": "out"},
            {"internal_id": "lost"},
            {"title": "Bun"},
            {"title": "Bun", "unit_price": "5", "quantity": 1.5, "discount": {"percent": 5}},
            7,
        ],
        "discounts": [{"reason": "x"}],
        "payments": [{"method": "cash", "amount": "ten"}, {"kind": "card"}],
    }
    ran = cli("orders", "add", "-", "--json", stdin=json.dumps(content))

    assert ran.code == 3
    assert set(ran.data) == {"error"}
    assert set(ran.data["error"]) == ERROR_KEYS
    assert set(ran.data["error"]["fields"]) == {
        "name", "phone", "kind", "colour", "due_at", "currency", "payment_method", "lines[0].additions",
        "lines[1].additions", "lines[2].internal_id", "lines[3].internal_id", "lines[4].internal_id",
        "lines[5].unit_price", "lines[6].quantity", "lines[6].discount", "lines[7]", "discounts[0]",
        "payments[0].amount", "payments[1].method", "payments[1].kind",
    }  # fmt: skip
    assert cli("orders", "list", "--json").data["total"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "5",
        '{"lines": []}',
        '{"lines": {}}',
        "{}",
        '{"order": 5}',
        '{"lines": [], "lines": []}',
    ],
)
def test_what_is_no_order(cli: Cli, text: str) -> None:
    ran = cli("orders", "add", "-", "--json", stdin=text)

    assert ran.code == 3
    assert ran.data["error"]["fields"]


def test_too_little_cash_adds_nothing(cli: Cli) -> None:
    content = {
        "lines": [{"title": "Bun", "unit_price": "150"}],
        "payments": [{"method": "cash", "tendered": "100"}],
    }
    ran = cli("orders", "add", "-", "--json", stdin=json.dumps(content))

    assert (ran.code, set(ran.data["error"]["fields"])) == (3, {"tendered"})
    assert cli("orders", "list", "--json").data["total"] == 0
    assert cli("orders", "add", "no such file", "--json").code == 2


def test_the_settings_of_the_counter(cli: Cli, data_dir: Path, shop_store: Store) -> None:
    (data_dir / "posapp.toml").write_text(
        '[station]\nname = "bar"\nprefix = "x7"\n[sales]\ncurrency = "NPR"\ncash_rounding = "NPR=1"\n'
    )
    content = {"lines": [{"title": "Bun", "unit_price": "150.40"}], "payment_status": "paid"}
    order = cli("orders", "add", "-", "--json", stdin=json.dumps(content)).data["order"]
    assert (order["code"], order["currency"], order["payment_status"]) == ("X7-001", "NPR", "paid")
    (line,) = payment_lines(shop_store, 1)
    assert (line.payment.received, line.station) == (Decimal("150.00"), "bar")
    (data_dir / "posapp.toml").write_text("[sales]\nshift_required = true\n")
    assert cli("orders", "add", "-", "--json", stdin=json.dumps(content)).data["error"]["fields"] == {
        "shift": "No shift is open."
    }
    for wrong in ('cash_rounding = "KZT"', 'currency = "tenge"', "tips = 1"):
        (data_dir / "posapp.toml").write_text(f"[sales]\n{wrong}\n")
        assert cli("orders", "list").code == 2


def test_the_catalogue_of_the_counter_is_that_of_the_file(cli: Cli, shop_store: Store, table: Path) -> None:
    cli("products", "import", str(table))
    order = cli(
        "orders", "add", "-", "--json", stdin='{"lines": [{"internal_id": "p-2", "quantity": 3}]}'
    ).data["order"]

    assert order["total"] == "1500.00"
    assert product(shop_store, "p-2") is not None
