"""What the board looks like in every state and size: all can be read, nothing strange does harm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.kitchen import LeadTimes, is_without
from posapp.domain.status import Status
from posapp.domain.text import clean_text
from posapp.services import orders
from posapp.storage.fields import to_us
from posapp.ui.theme import ThemeName, apply_theme, load_theme
from posapp.ui.widgets.syncpill import PillState
from tests.gui.kitchen.conftest import Board
from tests.gui.orders.scene import WHO

SIZES = [(1920, 1080), (1836, 1024), (1282, 712), (1196, 664)]
HOSTILE = (
    "<b>NO ONIONS</b> <table><tr><td>allergy: nuts</td></tr></table> &amp; %1 "
    "\u202eдерёв\u202c\u200b "
    + "оченьдлинноесловобезпробелов" * 6
    + " <img src=x>\n\n"
    + "Пожалуйста, положите приборы на троих, मसाला कम राख्नुहोस् और سلام. " * 40
)[:2000]


def hostile(board: Board, guest: str, comment: str = HOSTILE) -> None:
    def change(payload: dict[str, object]) -> None:
        payload["comment"] = comment

    board.edit(guest, change)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["bench", "wall"])
def test_nothing_is_cut_off_in_any_size(
    board: Board, qapp: QApplication, theme: ThemeName, mode: str
) -> None:
    apply_theme(qapp, load_theme(theme))
    board.put(size=mode, sections=("Hot: hot", "Cold: cold"))
    board.page.head.pill.show_state(PillState.OFFLINE, 12, "")
    board.page.head.show_undo("4818")
    hostile(board, "saule")
    board.move("bekzat", Status.CANCELLED)
    board.settle()
    for width, height in SIZES:
        board.page.resize(width, height)
        board.settle()
        assert (board.page.width(), board.page.height()) == (width, height)
        board.page.scheduled.step()
        board.fits()
        _stays_inside(board)


def _stays_inside(board: Board) -> None:
    """Fail if a row, a comment or a button of a tile reaches over what is around it."""
    for pk in board.page.board.order:
        tile = board.page.board.tile_of(pk)
        if tile is None or not tile.isVisible():
            continue
        layout = tile.layout_now
        assert layout is not None
        for number, row in enumerate(layout.rows):
            assert row.top + row.height <= layout.body.height() + 1, tile.accessibleName()
            assert tile.item_rect(number).height() == row.height, tile.accessibleName()
        if layout.note is not None:
            last = layout.rows[-1] if layout.rows else None
            assert last is None or layout.note.top >= last.top + last.height - 3, tile.accessibleName()
            assert layout.note.top + layout.note.height <= layout.body.height() + 1
        assert tile.step.geometry().bottom() < tile.height()
        assert tile.step.clipped_texts() == []
        assert not tile.more.isVisible() or tile.more.clipped_texts() == []


@pytest.mark.parametrize("scale", [1.25, 1.5])
def test_larger_letters_lose_nothing(board: Board, qapp: QApplication, scale: float) -> None:
    apply_theme(qapp, load_theme("light", scale=scale))
    board.settle()
    board.calm()

    board.fits()
    _stays_inside(board)
    apply_theme(qapp, load_theme("light"))


def test_a_hostile_comment_is_shown_as_it_is_and_can_be_read_to_its_end(board: Board) -> None:
    hostile(board, "timur")
    tile = board.tile("timur")
    assert tile.layout_now is not None
    assert tile.layout_now.note is not None
    assert tile.layout_now.note.cut
    assert tile.layout_now.note.lines[0].startswith("<b>NO ONIONS</b>")

    board.touch(tile.mapTo(board.page.board.viewport(), tile.note_rect().center()))

    layout = board.tile("timur").layout_now
    assert layout is not None
    assert layout.note is not None
    assert not layout.note.cut
    shown = "".join(layout.note.lines)
    assert "\u202e" not in shown
    wanted = clean_text(board.ticket("timur").comment)
    assert "".join(shown.split()) == "".join(wanted.split())
    assert layout.note.top + layout.note.height <= layout.content
    # Its end can be brought into sight, with a finger as well.
    middle = tile.mapTo(board.page.board.viewport(), layout.body.center())
    for _ in range(6):
        board.touch(middle, middle + QPoint(0, -150), middle + QPoint(0, -400))
    assert tile.note_rect().bottom() <= layout.body.bottom() + 12


def test_an_unfolded_tile_moves_no_other_and_folds_again(board: Board) -> None:
    places = {guest: board.tile(guest).pos() for guest in board.guests()}
    board.click(
        board.tile("aliya").mapTo(board.page.board.viewport(), board.tile("aliya").more.geometry().center())
    )
    tile = board.tile("aliya")
    assert tile.layout_now is not None
    assert len(tile.layout_now.rows) == 4
    assert tile.more.label == "Less"
    others = {guest: board.tile(guest).pos() for guest in places if guest != "aliya"}
    assert others == {guest: place for guest, place in places.items() if guest != "aliya"}

    board.key(Qt.Key.Key_Escape)

    assert board.tile("aliya").more.label == "+1 more"
    assert board.tile("aliya").pos() == places["aliya"]


def test_additions_are_green_and_what_is_left_out_is_red(board: Board) -> None:
    layout = board.tile("saule").layout_now
    assert layout is not None
    extras = {extra.text: (extra.tone, extra.icon) for row in layout.rows for extra in row.extras}

    assert extras["Без лука"] == ("danger", "minus-circle-fill")
    assert extras["Бортик с сыром"] == ("ok", "plus-circle-fill")
    assert is_without("Без лука")


def test_an_empty_kitchen_says_so(board: Board) -> None:
    for guest in list(board.guests()):
        if board.status(guest) == "accepted":
            board.move(guest, Status.COOKING)
        board.settle()
        board.rest()
        board.click(board.foot_point(guest))
    board.calm()

    empty = board.page._empty
    assert empty.isVisible()
    assert empty.title == "Nothing to cook"
    board.fits()
    assert board.page.head.recall.isEnabled()


def test_a_wall_has_fewer_and_larger_tiles_than_a_bench(board: Board) -> None:
    assert (board.page.board.measures.columns, board.page.board.measures.rows) == (4, 2)
    board.put(size="wall")

    measures = board.page.board.measures
    assert (measures.columns, measures.rows) == (3, 2)
    assert measures.item == 36
    assert measures.code == 50


def test_tomorrows_order_shows_its_date_and_cannot_be_started(board: Board) -> None:
    store, clock = board.scene.store, board.scene.clock
    orders.schedule(store, board.pk("erzhan"), clock.now + timedelta(hours=20), WHO)
    board.move("danyar", Status.ACCEPTED)
    with store.write() as tx:
        when = to_us(clock.now + timedelta(hours=18))
        tx.execute(
            "UPDATE orders SET due_at = ?, version = version + 1 WHERE pk = ?", (when, board.pk("danyar"))
        )
        tx.touch(board.pk("danyar"))
    board.settle()
    board.page._tick()

    rows = {row.pk: row for row in board.page.scheduled.rows}
    assert "danyar" not in board.guests()
    assert rows[board.pk("danyar")].day == "22 May"
    assert not rows[board.pk("danyar")].startable
    assert rows[board.pk("erzhan")].countdown.startswith("starts 22 May")
    board.page.scheduled.choose(board.pk("erzhan"))
    assert not board.page.scheduled.start.isVisible()

    clock.now += timedelta(hours=18) - LeadTimes().of(board.ticket("danyar").kind)
    board.calm()
    assert "danyar" in board.guests()
    assert board.tile("danyar").level == "ok"


def test_a_scheduled_order_is_started_by_hand_with_keys_and_with_the_mouse(board: Board) -> None:
    board.key("s")
    assert board.page.scheduled.chosen == board.pk("erzhan")
    board.key(Qt.Key.Key_Return)
    assert board.status("erzhan") == "accepted"
    assert board.guests()[-1] == "erzhan"
    board.key("u")
    assert board.status("erzhan") == "timing"

    card = board.page.scheduled
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(60, 90))
    assert card.start.isVisible()
    QTest.mouseClick(card.start, Qt.MouseButton.LeftButton)
    board.settle()
    assert board.status("erzhan") == "accepted"


def test_the_countdown_runs(board: Board) -> None:
    assert board.page.scheduled.rows[0].countdown == "starts in 18 min"
    board.pass_time(minutes=2)
    assert board.page.scheduled.rows[0].countdown == "starts in 16 min"


def test_on_a_wall_the_rail_is_written_larger_as_well(board: Board) -> None:
    bench = board.page.all_day.grab().toImage()
    heights = [board.page.all_day._height_of("Pizza"), board.page.scheduled._head()]
    board.put(size="wall")

    assert board.page.all_day._height_of("Pizza") > heights[0] * 1.15
    assert board.page.scheduled._head() > heights[1] * 1.15
    assert board.page.all_day.grab().toImage() != bench
    board.fits()
