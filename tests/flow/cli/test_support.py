"""The support bundle and the custody ledger, by commands, with canaries for customers and secrets."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli
from tests.support.faulty_remote import FaultyRemote

CANARIES = {
    "name": "Canary Kanarienvogel",
    "mobile_phone": "77015550199",
    "street": "Canary Row",
    "comment": "canary allergic to nuts",
}


def busy_shop(cli: Cli, remote: FaultyRemote) -> dict[str, Any]:
    """Return an order of a shop where everything happened, with canaries in every text of a customer."""
    order: dict[str, Any] = next(iter(remote.orders.values()))
    order["customer"] |= {"name": CANARIES["name"], "mobile_phone": CANARIES["mobile_phone"]}
    order["comment"] = CANARIES["comment"]
    order["delivery"] = {**(order.get("delivery") or {}), "street": CANARIES["street"]}
    broken = json.loads(json.dumps(order)) | {"id": "broken-1", "price": {"order_base_total": "1,5"}}
    remote.add(broken)
    cli("sync", "--once", "--json")
    code = cli("orders", "list", "--json").data["orders"][0]["code"]
    cli("orders", "move", order["id"], "accepted", "--reason", "canary reason of a person")
    cli("orders", "edit", order["id"], "phone=+7 701 777 01 02", "name=Canary Second")
    return {"code": code, **order}


def test_the_bundle_holds_what_support_needs_and_no_customer(
    cli: Cli, connected: FaultyRemote, tmp_path: Path
) -> None:
    busy_shop(cli, connected)
    file = tmp_path / "support.zip"
    ran = cli("support", str(file), "--json")
    assert (ran.code, ran.data["ok"]) == (0, True)
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(file) as bundle:
        parts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert {"about.json", "settings.toml", "checks.json", "queue.json", "quarantine.json"} <= parts.keys()
    assert json.loads(parts["about.json"])["rows"]["orders"] == 3
    assert connected.url in parts["settings.toml"]
    [row] = json.loads(parts["quarantine.json"])
    assert json.loads(row["raw"])["price"] == {"order_base_total": "1,5"}
    assert {"accepted"} <= {row["target"] for row in json.loads(parts["queue.json"])}
    whole = "\n".join(parts.values())
    for canary in (*CANARIES.values(), "canary", "Canary", "7015550199", "777 01 02", connected.api_key):
        assert canary not in whole


def test_an_existing_file_is_never_written_over(cli: Cli, connected: FaultyRemote, tmp_path: Path) -> None:
    file = tmp_path / "support.zip"
    file.write_text("precious")
    assert cli("support", str(file)).code == 3
    assert file.read_text() == "precious"


def custody(cli: Cli) -> tuple[bool, str]:
    checks = {check["name"]: check for check in cli("doctor", "--json").data["checks"]}
    return checks["custody"]["ok"], checks["custody"]["detail"]


def test_doctor_accounts_for_every_order_and_change(
    cli: Cli, connected: FaultyRemote, shop_store: Store
) -> None:
    busy_shop(cli, connected)
    assert custody(cli) == (True, "Orders: 3, changes: 1; each is accounted for.")
    with shop_store.write() as tx:
        tx.execute("DELETE FROM orders WHERE pk = 2")
    ok, detail = custody(cli)
    assert not ok
    assert detail.startswith("3 orders came in, 2 are there")
