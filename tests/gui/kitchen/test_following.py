"""The board follows the database: one change is one tile, whoever made it, and two hundred are no burden."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from posapp.domain.status import Status
from posapp.domain.timing import Age
from posapp.services import kitchen, orders
from posapp.services.schedule import start_due
from posapp.storage.dialect_sqlite import storage_error
from posapp.storage.listener import Listener
from posapp.ui.kitchen.facts import level_of
from posapp.ui.kitchen.tile import Tile
from tests.gui.kitchen.conftest import Board
from tests.gui.orders.scene import WHO, listed_json

MANY = 200
_FRAME_S = 0.016
_TICK_S = 0.0015
_BUSY = 2  # a machine that does something else, too, is slower
_PIXELS = 30  # a frame of a quick drag


class Paints(QObject):
    """Counts the paint events of tiles."""

    def __init__(self, board: Board) -> None:
        super().__init__(board.page)
        self.seen: list[int] = []
        for tile in board.page.findChildren(Tile):
            tile.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, Tile) and watched.ticket is not None:
            self.seen.append(watched.ticket.pk)
        return False


def fill(board: Board, count: int) -> None:
    """Have so many orders more in the kitchen."""
    store = board.scene.store
    row = store.one("SELECT raw FROM order_raw WHERE order_pk = ?", (board.pk("timur"),))
    assert row is not None
    payloads = [row[0].replace(str(payload_id(board)), f"many-{number}") for number in range(count)]
    listed_json(store, [json.loads(text) for text in payloads])
    fresh = store.all("SELECT pk FROM orders WHERE remote_id LIKE 'many-%' ORDER BY pk")
    for (pk,) in fresh:
        orders.move(store, pk, Status.ACCEPTED, WHO)
    board.settle()
    board.calm()


def payload_id(board: Board) -> str:
    row = board.scene.store.one("SELECT remote_id FROM orders WHERE pk = ?", (board.pk("timur"),))
    assert row is not None
    return str(row[0])


def test_one_change_repaints_one_tile_and_nothing_else(board: Board) -> None:
    fill(board, MANY)
    assert len(board.page.board.order) >= MANY
    paints, reads = Paints(board), board.page.reader.reads
    faces = {tile.ticket.pk: tile.paints for tile in board.page.findChildren(Tile) if tile.ticket}

    key = board.ticket("ruslan").items[0].item.key
    kitchen.tick(board.scene.store, board.pk("ruslan"), key, "", WHO)
    board.settle()

    assert paints.seen == [board.pk("ruslan")]
    assert board.page.reader.reads == reads + 1
    after = {tile.ticket.pk: tile.paints for tile in board.page.findChildren(Tile) if tile.ticket}
    assert {pk for pk in faces if after[pk] != faces[pk]} == {board.pk("ruslan")}


def test_a_change_that_no_tile_shows_paints_none(board: Board) -> None:
    paints = Paints(board)

    orders.acknowledge(board.scene.store, [board.pk("danyar")], WHO)
    board.settle()

    assert paints.seen == []


def test_a_second_repaints_the_times_and_no_face(board: Board) -> None:
    faces = {tile.ticket.pk: tile.paints for tile in board.page.findChildren(Tile) if tile.ticket}
    before = board.tile("anna").grab()
    paints = Paints(board)

    board.pass_time(seconds=1)

    # By itself: a picture taken of the tile would paint the time in any case.
    assert set(paints.seen) >= {board.pk("anna"), board.pk("timur")}
    assert {tile.ticket.pk: tile.paints for tile in board.page.findChildren(Tile) if tile.ticket} == faces
    assert board.tile("anna").grab().toImage() != before.toImage()


def test_a_second_with_two_hundred_tickets_costs_next_to_nothing(board: Board) -> None:
    fill(board, MANY)
    times = []
    for _ in range(40):
        board.scene.clock.now += timedelta(seconds=1)
        begun = time.thread_time()
        board.page._tick()
        times.append(time.thread_time() - begun)

    assert median(times) < _BUSY * _TICK_S


def test_the_late_ones_are_counted_to_the_second_as_their_bands_show(board: Board) -> None:
    fill(board, 8)
    view, tickets = board.page.view, board.page.reader.tickets
    seen = set()
    for _ in range(40):
        board.pass_time(seconds=17)
        late = sum(level_of(tickets[pk], view()) is Age.LATE for pk in board.page.board.order)
        seen.add(late)
        assert f"{late} late" in board.page.head.figures.accessibleName()
    assert len(seen) > 3


def test_the_band_changes_at_the_thresholds_of_its_kind(board: Board) -> None:
    tile = board.tile("anna")  # a pickup, accepted 3:30 ago: warned at 6:42, late at 10:00
    assert tile.level == "ok"
    board.pass_time(minutes=3, seconds=12)
    assert tile.level == "warn"
    board.pass_time(minutes=3, seconds=17)
    assert tile.level == "warn"
    board.pass_time(seconds=2)
    assert tile.level == "late"


_OTHER = """
import sys
from pathlib import Path
from posapp.domain.who import Who
from posapp.domain.timing import Age
from posapp.services import kitchen, orders
from posapp.services.schedule import start_due
from posapp.domain.status import Status
from posapp.storage.database import open_store
store = open_store(Path(sys.argv[1]))
orders.move(store, int(sys.argv[2]), Status.COOKING, Who("olga", "kitchen-2"))
store.close_thread()
print("done", flush=True)
"""


def test_what_another_process_does_shows_within_a_second_and_reads_one_order(board: Board) -> None:
    store = board.scene.store
    listener = Listener(store)
    listener.start()
    try:
        time.sleep(0.3)
        reads = board.page.reader.reads
        program = subprocess.run(
            [sys.executable, "-c", _OTHER, str(store.data_dir), str(board.pk("anna"))],
            capture_output=True,
            text=True,
            timeout=50,
            check=True,
        )
        assert program.stdout == "done\n"

        begun = time.monotonic()
        board.bot.waitUntil(lambda: board.tile("anna").step.label == "Ready", timeout=5000)
        took = time.monotonic() - begun

        assert took < 1.0
        assert board.page.reader.reads == reads + 1
    finally:
        listener.stop()


def test_scrolling_two_hundred_tickets_keeps_to_the_frame(board: Board) -> None:
    fill(board, MANY)
    bar, viewport = board.page.board.verticalScrollBar(), board.page.board.viewport()
    times = []
    for step in range(0, 120 * _PIXELS, _PIXELS):
        begun = time.thread_time()  # the machine may be busy with other things
        bar.setValue(step)
        viewport.repaint()
        QApplication.processEvents()
        times.append(time.thread_time() - begun)

    assert len(times) > 100
    assert median(times) < _BUSY * _FRAME_S
    assert len(board.page.findChildren(Tile)) <= 24


def test_no_ticket_is_missed_or_doubled_in_a_rush(board: Board) -> None:
    fill(board, 60)
    store = board.scene.store
    for number, (pk,) in enumerate(store.all("SELECT pk FROM orders WHERE remote_id LIKE 'many-%'")):
        orders.move(store, pk, Status.COOKING, WHO)
        if number % 3:
            kitchen.bump(store, pk, "", (), WHO)
        if number % 3 == 2:
            orders.move(store, pk, Status.ONDELIVERY, WHO)
    board.settle()
    board.calm()

    shown = board.page.board.order
    here = store.all(
        "SELECT orders.pk FROM orders LEFT JOIN kitchen_orders AS k ON k.order_pk = orders.pk "
        "WHERE status IN ('accepted', 'cooking') AND k.ready_at IS NULL"
    )
    assert len(set(shown)) == len(shown)
    assert set(shown) == {pk for (pk,) in here}


def test_the_board_goes_on_showing_what_it_has_when_the_database_fails(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = board.scene.store
    real = store.all

    def broken(*_args: object) -> list[tuple[object, ...]]:
        raise storage_error(OSError("disk I/O error"))

    monkeypatch.setattr(store, "all", broken)
    board.page.reader.refresh()
    board.settle()
    stale = board.page._old
    assert stale.isVisible()
    assert stale.text == "The disk cannot be read or written."
    assert "timur" in board.guests()
    board.fits()

    monkeypatch.setattr(store, "all", real)
    stale.button.click()
    board.move("anna", Status.COOKING)
    board.settle()
    assert not stale.isVisible()


def test_an_order_that_comes_by_itself_at_its_time_is_on_the_board_then(board: Board) -> None:
    clock = board.scene.clock
    assert "erzhan" not in board.guests()
    clock.now += timedelta(minutes=18)
    lead = board.ctx.config.kitchen.lead
    start_due(board.scene.store, lead, ZoneInfo("Asia/Almaty"), WHO)
    board.settle()

    assert board.guests()[-1] == "erzhan"
    assert [row.code for row in board.page.scheduled.rows] == ["#4809"]
