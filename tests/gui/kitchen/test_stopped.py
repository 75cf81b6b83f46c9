"""An order that was cancelled at the shop alone: the kitchen stops, and the counter decides."""

from __future__ import annotations

from PySide6.QtCore import Qt

from posapp.domain.status import RowState, Status
from posapp.services import conflicts
from tests.gui.kitchen.conftest import Board
from tests.gui.orders.scene import WHO, ask_a_person


def test_what_the_shop_cancelled_while_it_cooks_is_stopped_until_the_counter_decides(board: Board) -> None:
    ask_a_person(board.scene.store, board.pk("timur"), RowState.CONFLICT, Status.CANCELLED, "")
    board.settle()

    tile = board.tile("timur")
    assert "cancelled" in tile.accessibleName()
    assert tile.level == "late"
    assert tile.step.label == "Counter decides"
    assert board.page.head.figures.accessibleName() == "2 to start, 5 cooking, 3 late"
    board.click(board.foot_point("timur"))
    board.click(board.row_point("timur", 1))
    board.key("2")
    board.key(Qt.Key.Key_Return)
    board.key(Qt.Key.Key_Space)
    assert board.status("timur") == "cooking"
    assert board.page.commands.undo_code == ""

    conflicts.resolve(board.scene.store, board.pk("timur"), "theirs", WHO)
    board.settle()
    board.rest()
    assert board.tile("timur").step.label == "Take off"
    board.click(board.foot_point("timur"))
    assert "timur" not in board.guests()
