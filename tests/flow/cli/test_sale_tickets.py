"""A sale by command queues the tickets that the window's would; nobody waits for a printer."""

from __future__ import annotations

from pathlib import Path

from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli

SALE = '{"lines": [{"title": "Bun", "unit_price": "150"}], "payments": [{"method": "cash", "amount": "150"}]}'
PRINTER = """
[[printers]]
name = "front"
kind = "network"
address = "192.0.2.1"
roles = ["receipt", "kitchen"]
drawer = true
"""


def test_a_sale_by_command_queues_its_receipt_and_its_kitchen_ticket(
    cli: Cli, data_dir: Path, shop_store: Store
) -> None:
    (data_dir / "posapp.toml").write_text(PRINTER)

    assert cli("orders", "add", "-", stdin=SALE).code == 0

    assert shop_store.all("SELECT kind, printer, state FROM print_jobs ORDER BY pk") == [
        ("receipt", "front", "queued"),
        ("kitchen", "front", "queued"),
    ]


def test_without_a_printer_nothing_is_queued(cli: Cli, shop_store: Store) -> None:
    assert cli("orders", "add", "-", stdin=SALE).code == 0

    assert shop_store.all("SELECT 1 FROM print_jobs") == []
