"""The connection goes while an act is saved: the person is told what is true, or that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.errors import StorageError
from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage import dialect_postgres
from posapp.storage.server import Server
from posapp.storage.store import Store
from tests.flow.server.conftest import Station, station
from tests.support import postgres
from tests.support.cutting import Cable
from tests.support.shop_orders import ANNA, put_in, remote_order

COMMIT = b"COMMIT"


@pytest.fixture
def cable() -> Iterator[Cable]:
    with Cable(postgres.needed_server().port) as made:
        yield made


def through(cable: Cable, server: Server, folder: Path) -> Station:
    """Return a station that reaches its server by this cable."""
    url = f"postgresql://owner@127.0.0.1:{cable.port}/{server.url.rpartition('/')[2]}"
    return station(folder, Server(url), "counter-9")


def statuses(store: Store) -> list[str]:
    return [row[0] for row in store.all("SELECT status FROM orders ORDER BY pk")]


def test_a_commit_whose_answer_is_cut_off_is_found_to_be_saved(
    cable: Cable, server: Server, counter: Station, tmp_path: Path
) -> None:
    store = through(cable, server, tmp_path / "far").open()
    (pk,) = put_in(store, remote_order("r1"))
    cable.cut_at(COMMIT, heard=True)

    assert orders.move(store, pk, Status.ACCEPTED, ANNA).changed

    assert cable.cuts == 1
    assert statuses(store) == ["accepted"]
    store.close_thread()


def test_a_commit_that_never_arrived_is_not_saved(
    cable: Cable, server: Server, counter: Station, tmp_path: Path
) -> None:
    store = through(cable, server, tmp_path / "far").open()
    (pk,) = put_in(store, remote_order("r1"))
    cable.cut_at(COMMIT, heard=False)

    with pytest.raises(StorageError, match="cannot be reached"):
        orders.move(store, pk, Status.ACCEPTED, ANNA)

    assert cable.cuts == 1
    assert statuses(store) == ["created"]
    store.close_thread()


def test_a_lost_act_is_not_taken_for_one_that_got_its_number_after_a_crash(
    own_server: postgres.PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect_postgres, "_FATE_S", 20.0)
    made = own_server.fresh()
    here = station(tmp_path / "here", made, "counter-1")
    other = here.open()
    first, second = put_in(other, remote_order("r1"), remote_order("r2"))
    asked = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
    numbers: list[str] = []

    def crash_and_go_on() -> None:
        numbers.append(str(other.all(asked)[0][0]))
        own_server.stop()
        own_server.start()
        numbers.append(str(other.all(asked)[0][0]))
        for target in (Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY):
            orders.move(other, second, target, ANNA)
        other.close_thread()  # this is the cable's own thread

    with Cable(own_server.port) as cable:
        store = through(cable, made, tmp_path / "far").open()
        cable.cut_at(COMMIT, heard=False, then=crash_and_go_on)

        with pytest.raises(StorageError, match=r"It is not known|cannot be reached"):
            orders.move(store, first, Status.ACCEPTED, ANNA)

        print(f"the next number was {numbers[0]} before and {numbers[1]} after")  # noqa: T201
        assert statuses(store) == ["created", "ondelivery"]
        store.close_thread()
    other.close_thread()
