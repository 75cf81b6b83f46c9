"""What cooks do, with keys alone, with the mouse alone, with a finger alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from posapp.domain.errors import StaleOrderError
from posapp.domain.status import Kind, Status
from posapp.services import kitchen
from posapp.storage.details import order_events
from posapp.ui.kitchen import board as board_module
from posapp.ui.widgets.buttons import Button
from tests.gui.kitchen.conftest import Board
from tests.gui.orders.scene import WHO

GUESTS = ["saule", "timur", "bekzat", "ruslan", "aliya", "dinara", "nurlan", "anna"]


def kinds(board: Board, guest: str) -> list[str]:
    return [event.kind for event in order_events(board.scene.store, board.pk(guest))]


def test_the_oldest_order_stands_first_and_new_ones_wait_in_their_lane(board: Board) -> None:
    assert board.guests() == GUESTS
    assert [row.code for row in board.page.scheduled.rows] == ["#4807", "#4809"]
    assert board.page.head.figures.accessibleName() == "2 to start, 6 cooking, 4 late"
    assert dict(board.page.all_day.rows)["Соус чесночный"] == 4


def test_an_order_goes_through_the_kitchen_with_keys_alone(board: Board) -> None:
    board.key("7")
    assert board.page.board.selected == board.pk("nurlan")
    board.key(Qt.Key.Key_Return)
    assert board.status("nurlan") == "cooking"

    board.key(Qt.Key.Key_Space)
    assert board.done("nurlan") == [True, False]
    board.key(Qt.Key.Key_Space)
    assert board.done("nurlan") == [True, True]
    board.rest()
    board.key(Qt.Key.Key_Return)

    assert board.status("nurlan") == "cooking"
    assert "nurlan" not in board.guests()
    assert kinds(board, "nurlan")[-4:] == ["item_made", "item_made", "bumped", "ready"]
    assert board.sounds == ["bump"]
    assert board.page.board.selected == board.pk("anna")


def test_keys_take_back_the_last_act_and_the_ones_before(board: Board) -> None:
    board.key("7")
    board.key(Qt.Key.Key_Return)
    board.key(Qt.Key.Key_Space)
    board.rest()
    board.key(Qt.Key.Key_Return)
    assert board.page.head.undo.label == "Undo #4821"

    board.key("u")
    assert "nurlan" in board.guests()
    board.key("u")
    assert board.done("nurlan") == [False, False]
    board.key("u")
    assert board.status("nurlan") == "accepted"
    assert not board.page.head.undo.isEnabled()


def test_a_key_brings_the_last_bumped_order_back(board: Board) -> None:
    for number in ("1", "2"):
        board.key(number)
        board.rest()
        board.key(Qt.Key.Key_Return)
    assert board.places()[:3] == ["", "", "bekzat"]

    board.key("r")
    assert board.places()[:3] == ["", "timur", "bekzat"]
    board.key("r")
    assert board.places()[:3] == ["saule", "timur", "bekzat"]


def test_the_arrows_choose_the_item_that_is_ticked(board: Board) -> None:
    board.key("1")
    board.key(Qt.Key.Key_Down)
    board.key(Qt.Key.Key_Down)
    board.key(Qt.Key.Key_Space)
    assert board.done("saule") == [False, True]

    board.key(Qt.Key.Key_Space)
    assert board.done("saule") == [False, False]
    board.key(Qt.Key.Key_Right)
    assert board.page.board.selected == board.pk("timur")


def test_keys_are_known_by_their_place_on_a_russian_keyboard(board: Board) -> None:
    board.key("1")
    board.rest()
    board.key(Qt.Key.Key_Return)
    assert "saule" not in board.guests()

    board.raw_key(Qt.Key(0x413), "г", code=22 + 8)  # where U is
    assert "saule" in board.guests()
    board.raw_key(Qt.Key.Key_Ampersand, "&", code=3 + 8)  # the second key of a French row of digits
    assert board.page.board.selected == board.pk("timur")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_key_that_is_held_commits_nothing(board: Board, key: Qt.Key) -> None:
    board.key("7")
    before = kinds(board, "nurlan")

    for _ in range(5):
        board.raw_key(key, "", repeat=True)

    assert kinds(board, "nurlan") == before


def test_single_letters_can_be_switched_off(board: Board) -> None:
    config = board.ctx.config
    board.ctx.put_config(type(config)({**config.values, ("look", "letter_keys"): False}, config.remotes))
    board.key("1")
    board.rest()
    board.key(Qt.Key.Key_Return)
    assert "saule" not in board.guests()

    board.key("u")
    assert "saule" not in board.guests()
    board.page.head.undo.click()
    board.settle()
    assert "saule" in board.guests()


def test_an_order_goes_through_the_kitchen_with_the_mouse_alone(board: Board) -> None:
    board.click(board.foot_point("anna"))
    assert board.status("anna") == "cooking"
    board.click(board.row_point("anna", 0))
    assert board.done("anna") == [True]
    board.click(board.row_point("anna", 0))
    assert board.done("anna") == [False]
    board.rest()
    board.click(board.foot_point("anna"))

    assert "anna" not in board.guests()
    board.page.head.undo.click()
    board.settle()
    assert "anna" in board.guests()


def test_an_order_goes_through_the_kitchen_with_a_finger_alone(board: Board) -> None:
    board.touch(board.foot_point("anna"))
    assert board.status("anna") == "cooking"
    board.touch(board.row_point("anna", 0))
    assert board.done("anna") == [True]
    board.rest()
    board.touch(board.foot_point("anna"))

    assert "anna" not in board.guests()
    assert board.status("anna") == "cooking"


def test_a_second_tap_on_the_same_place_does_not_bump_what_the_first_started(board: Board) -> None:
    at = board.foot_point("nurlan")

    board.touch(at)
    board.touch(at)

    assert board.status("nurlan") == "cooking"
    assert "nurlan" in board.guests()


def test_a_drag_is_no_tap(board: Board) -> None:
    start = board.row_point("timur", 1)

    board.touch(start, start + QPoint(0, -60), start + QPoint(0, -140))

    assert board.done("timur") == [False, False]


def test_tiles_stay_under_the_finger_and_close_up_in_quiet(board: Board) -> None:
    before = {guest: board.tile(guest).pos() for guest in ("bekzat", "ruslan", "anna")}
    board.click(board.foot_point("timur"))
    assert board.places() == ["saule", "", "bekzat", "ruslan", "aliya", "dinara", "nurlan", "anna"]
    assert {guest: board.tile(guest).pos() for guest in before} == before

    board.move("danyar", Status.ACCEPTED)
    board.settle()
    assert board.places()[-1] == "danyar"
    assert {guest: board.tile(guest).pos() for guest in before} == before

    board.calm()
    assert board.places() == ["saule", "bekzat", "ruslan", "aliya", "dinara", "nurlan", "anna", "danyar"]


def test_a_gap_takes_no_tap(board: Board) -> None:
    at = board.foot_point("timur")
    board.click(at)

    board.click(at)

    assert board.problems == []
    assert "bekzat" in board.guests()


def test_nothing_moves_for_a_while_after_the_last_touch(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_module, "QUIET_MS", 400)
    board.click(board.foot_point("timur"))
    board.page._tick()
    assert "" in board.places()

    board.bot.wait(450)
    board.page._tick()

    assert "" not in board.places()


def test_a_cancelled_order_stays_struck_and_loud_until_it_is_taken_off(board: Board) -> None:
    board.move("bekzat", Status.CANCELLED)
    board.settle()

    tile = board.tile("bekzat")
    assert board.sounds == ["error"]
    assert board.guests() == GUESTS
    assert "cancelled" in tile.accessibleName()
    assert tile.step.label == "Take off"
    board.click(board.row_point("bekzat", 0))
    assert board.problems == []
    board.click(board.foot_point("bekzat"))
    assert "bekzat" not in board.guests()

    board.key("u")
    assert "bekzat" in board.guests()


def test_an_edit_is_marked_until_a_cook_has_seen_it(board: Board) -> None:
    def change(payload: dict[str, object]) -> None:
        products = payload["products"]
        assert isinstance(products, list)
        products[1]["quantity"] = 6
        payload["comment"] = "Аллергия: орехи"

    board.edit("dinara", change)
    tile = board.tile("dinara")
    assert tile.step.label == "Changes seen"
    assert tile.layout_now is not None
    words = [extra.text for row in tile.layout_now.rows for extra in row.extras]
    assert "Was 4, now 6" in words

    board.click(board.foot_point("dinara"))

    assert tile.step.label == "Ready"
    assert not board.ticket("dinara").changed
    board.key("u")
    assert tile.step.label == "Changes seen"


def test_an_act_that_is_no_longer_possible_is_told_and_the_board_goes_on(board: Board) -> None:
    board.page.reader._ctx.feed.changed.disconnect(board.page.reader._heard)  # the news comes late
    board.move("timur", Status.ONDELIVERY)
    board.click(board.foot_point("timur"))
    assert board.problems == ["Order #4814 is not being cooked."]

    board.page.reader.refresh()
    board.settle()
    assert "timur" not in board.guests()


def test_the_list_of_bumped_orders_brings_any_of_them_back(board: Board) -> None:
    assert not board.page.head.recall.isEnabled()
    for guest in ("timur", "aliya"):
        board.click(board.foot_point(guest))
    board.page.head.recall.click()
    assert board.page.panel.isVisible()
    board.fits()
    buttons = {each.accessibleName(): each for each in board.page.panel.findChildren(Button)}

    buttons["Make #4814 again"].click()
    board.settle()

    assert not board.page.panel.isVisible()
    assert "timur" in board.guests()
    assert kinds(board, "timur")[-1] == "made_again"
    assert "aliya" not in board.guests()


def test_a_touch_beside_the_list_closes_it(board: Board) -> None:
    board.click(board.foot_point("timur"))
    board.page.toggle_recall()
    assert board.page.panel.isVisible()

    board.touch(board.row_point("aliya", 0))

    assert not board.page.panel.isVisible()


def test_a_section_shows_its_own_items_and_the_order_waits_for_the_others(board: Board) -> None:
    store = board.scene.store
    kitchen.put_categories(
        store, [("", "Маргарита 25 см", "Pizza"), ("", "Борщ", "Soup"), ("", "Лимонад «Тархун» 0,5 л", "Bar")]
    )
    sections = ("Hot: soup", "Bar: bar")
    board.put(sections=sections, section="Hot")
    tile = board.tile("ruslan")
    assert tile.layout_now is not None
    assert [row.item.item.title for row in tile.layout_now.rows] == ["Борщ"]

    board.click(board.foot_point("ruslan"))
    assert "ruslan" not in board.guests()
    assert "ready" not in kinds(board, "ruslan")

    board.put(sections=sections, section="Bar")
    board.calm()
    assert "ruslan" in board.guests()
    board.rest()
    board.click(board.foot_point("ruslan"))
    assert kinds(board, "ruslan")[-1] == "ready"


def test_every_target_is_large_enough_for_a_finger(board: Board) -> None:
    board.page.scheduled.choose(board.page.scheduled.rows[0].pk)
    small = [
        (button.objectName(), button.size())
        for button in board.page.findChildren(Button)
        if button.isVisible() and (button.height() < 68 or button.width() < 68)
    ]
    assert small == []
    for guest in GUESTS:
        layout = board.tile(guest).layout_now
        assert layout is not None
        assert all(row.height >= 68 for row in layout.rows)


def test_every_control_has_a_name(board: Board) -> None:
    for button in board.page.findChildren(Button):
        assert button.accessibleName().strip(" ,"), button.objectName()
    assert board.page.findChildren(QPushButton) == []
    assert "Четыре сыра 36 см" in board.tile("saule").accessibleName()
    assert "Аллергия: орехи" in board.tile("saule").accessibleName()
    assert WHO.actor not in board.tile("saule").accessibleName()


def test_the_order_that_was_brought_back_is_the_chosen_one(board: Board) -> None:
    guest = next(name for name in board.guests() if board.ticket(name).status is Status.COOKING)
    board.click(board.foot_point(guest))
    board.calm()
    assert guest not in board.guests()
    other = board.guests()[0]
    board.click(board.row_point(other, 0))

    board.key("r")

    assert board.page.board.selected == board.pk(guest)
    # And it takes no key for the moment in which it came under the hand.
    board.key(Qt.Key.Key_Return)
    assert guest in board.guests()
    board.rest()
    board.key(Qt.Key.Key_Return)
    assert guest not in board.guests()


def test_no_undo_is_offered_for_what_the_counter_has_by_now(board: Board) -> None:
    guest = next(
        name
        for name in board.guests()
        if board.ticket(name).status is Status.COOKING and board.ticket(name).kind is Kind.DELIVERY
    )
    board.click(board.foot_point(guest))
    assert board.page.commands.undo_code == board.ticket(guest).code

    board.move(guest, Status.ONDELIVERY)
    board.move(guest, Status.DELIVERED)
    board.settle()

    assert board.page.commands.undo_code == ""
    assert not board.page.head.undo.isEnabled()
    board.key("u")
    assert board.status(guest) == "delivered"
    assert board.problems == []


def test_undo_never_takes_back_a_step_that_the_counter_made(board: Board) -> None:
    board.click(board.foot_point("anna"))  # a pickup: cooking begins
    assert board.status("anna") == "cooking"
    undo = board.page.commands._done[-1]
    board.move("anna", Status.DELIVERED)

    with pytest.raises(StaleOrderError):
        undo.run()

    assert board.status("anna") == "delivered"
