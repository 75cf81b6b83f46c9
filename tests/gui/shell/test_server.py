"""The window on a shop's database server: it opens as on a file, and shows what another computer does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import orders
from posapp.storage.server import Server
from posapp.ui.itemmodels.orders import OrdersModel
from posapp.ui.screens.orders_view import OrdersView
from tests.gui.shell.conftest import Make, Running
from tests.support import postgres
from tests.support.shop_orders import Clock, make_store, put_in, remote_order

BORIS = Who("boris", "kitchen-1")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return an empty database on the tests' server, named by the window's settings."""
    running = postgres.needed_server()
    made = running.fresh(postgres.migrated_template())
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "posapp.toml").write_text(f'[database]\nurl = "{made.url}"\n', encoding="utf-8")
    yield made
    running.drop(made)


def shown(running: Running) -> dict[str, str]:
    """Return what the list shows: the status of each customer's order."""
    model = running.find(OrdersView, "ordersView").model()
    assert isinstance(model, OrdersModel)
    return {row.customer_name: row.status for row in model.rows}


def test_the_window_shows_what_another_computer_does(server: Server, make: Make, tmp_path: Path) -> None:
    other = make_store(tmp_path / "other", Clock(), server)
    first, second = put_in(other, remote_order("r1"), remote_order("r2", customer_name="Dinara"))
    running = make()
    running.bot.waitUntil(lambda: len(shown(running)) == 2)

    orders.move(other, second, Status.ACCEPTED, BORIS)

    running.bot.waitUntil(lambda: shown(running)["Dinara"] == Status.ACCEPTED)
    # And what is done here is there, with this computer's name.
    orders.move(running.app.store, first, Status.ACCEPTED, Who("", "station-1"))
    assert other.all("SELECT status FROM orders") == [("accepted",)] * 2
    running.app.store.close_thread()
    other.close_thread()
