"""The lock: nobody acts without a PIN, the alarm goes on, and a manager approves in place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QWidget

from posapp.domain.errors import RefusedError
from posapp.domain.people import Role, SignInNeededError
from posapp.domain.status import Status
from posapp.domain.who import Who, station_itself
from posapp.services import orders, people
from posapp.storage.people import staff
from posapp.ui.people.lockscreen import LockScreen
from posapp.ui.people.persontile import PersonTile
from posapp.ui.screens.kitchen import KitchenPage
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel
from tests.gui.shell.conftest import ChosenClock, Make, Running
from tests.support.clipping import find_clipped
from tests.support.shop_orders import order_fact, put_in, remote_order

BOSS, CLERK = "735928", "1397"
STATION = "counter-1"


def hire(running: Running) -> None:
    """Let a manager and a counter person work here, as another station would add them."""
    store = running.app.store
    boss = people.add_person(store, "Olga Petrova", Role.MANAGER, BOSS, station_itself(STATION))
    manager = people.sign_in(store, boss.id, BOSS, STATION).who
    people.add_person(store, "Aigerim", Role.COUNTER, CLERK, manager)


def lock_of(running: Running) -> LockScreen:
    return running.find(LockScreen, "lockScreen")


def type_pin(running: Running, pin: str) -> None:
    QTest.keyClicks(QApplication.focusWidget() or running.window, pin)
    running.rest()


def choose(running: Running, name: str) -> None:
    tile = next(one for one in lock_of(running).findChildren(PersonTile) if one.person.name == name)
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)


@pytest.fixture
def running(make: Make) -> Running:
    return make(clock=ChosenClock())


@pytest.fixture
def staffed(running: Running) -> Running:
    """Return a window at which people work; it is locked."""
    hire(running)
    running.bot.waitUntil(lambda: lock_of(running).isVisible(), timeout=5000)
    running.rest()
    return running


def test_without_people_nothing_is_locked(running: Running) -> None:
    assert not lock_of(running).isVisible()

    QTest.keyClick(running.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    running.rest()

    assert not lock_of(running).isVisible()


def test_a_pin_opens_the_window_and_the_act_carries_the_name(staffed: Running) -> None:
    (pk,) = put_in(staffed.app.store, remote_order("r1"))
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)

    assert not lock_of(staffed).isVisible()
    assert staffed.window.ctx.who.actor == "Aigerim"
    staffed.window.open_order(pk)
    staffed.rest()
    QTest.keyClick(staffed.window, Qt.Key.Key_Return)
    staffed.rest()
    assert order_fact(staffed.app.store, pk, "status") == "accepted"
    assert order_fact(staffed.app.store, pk, "noticed_by") == "Aigerim"


def test_keys_and_clicks_do_nothing_under_the_lock(staffed: Running) -> None:
    (pk,) = put_in(staffed.app.store, remote_order("r1"))
    staffed.rest()

    for key in (Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_Z):
        QTest.keyClick(staffed.window, key)
    QTest.keyClick(staffed.window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(staffed.window.rail, Qt.MouseButton.LeftButton)
    staffed.rest()

    assert lock_of(staffed).isVisible()
    assert staffed.window.screen_key == "orders"
    assert order_fact(staffed.app.store, pk, "status") == "created"


def test_the_lock_says_what_waits_and_the_alarm_goes_on(staffed: Running) -> None:
    put_in(staffed.app.store, remote_order("r1"), remote_order("r2"))
    staffed.bot.waitUntil(
        lambda: staffed.find(Banner, "lockWaiting").text == "2 new orders are waiting", timeout=5000
    )

    staffed.window.keeper.tick()
    assert staffed.find(QWidget, "alarmFrame").isVisible()


def test_a_wrong_pin_is_refused_and_the_fifth_makes_wait(staffed: Running) -> None:
    choose(staffed, "Aigerim")
    for _ in range(4):
        type_pin(staffed, "0001")
    hint = staffed.find(PlainLabel, "lockHint")
    assert hint.text() == "This PIN is not right."
    type_pin(staffed, "0001")

    assert "Wait 30 s" in hint.text()
    assert not lock_of(staffed).pad.isEnabled()
    type_pin(staffed, CLERK)
    assert lock_of(staffed).isVisible()


def test_the_pad_on_the_screen_does_the_same(staffed: Running) -> None:
    choose(staffed, "Olga Petrova")
    pad = lock_of(staffed).pad

    for figure in "79<35928":
        QTest.mouseClick(pad.keys[figure], Qt.MouseButton.LeftButton)
    staffed.rest()

    assert staffed.window.ctx.who.actor == "Olga Petrova"


def test_ctrl_l_locks_and_the_earlier_sign_in_is_over(staffed: Running) -> None:
    (pk,) = put_in(staffed.app.store, remote_order("r1"))
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)
    before = staffed.window.ctx.who

    QTest.keyClick(staffed.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    staffed.rest()

    assert lock_of(staffed).isVisible()
    chosen = lock_of(staffed).chosen
    assert chosen is not None
    assert chosen.name == "Aigerim"  # whoever was here last
    with pytest.raises(SignInNeededError):
        orders.move(staffed.app.store, pk, Status.ACCEPTED, before)


def test_menus_and_dialogs_for_files_do_not_stay_above_the_lock(staffed: Running) -> None:
    put_in(staffed.app.store, remote_order("r1"))
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)
    box = QFileDialog(staffed.window.stack.currentWidget(), "Save as")
    box.setOption(QFileDialog.Option.DontUseNativeDialog)
    box.open()
    QTest.mouseClick(staffed.find(QAbstractButton, "sortButton"), Qt.MouseButton.LeftButton)
    staffed.bot.waitUntil(lambda: QApplication.activePopupWidget() is not None, timeout=5000)
    assert box.isVisible()

    staffed.window.ctx.lock_wanted.emit()
    staffed.rest()

    assert lock_of(staffed).isVisible()
    assert QApplication.activePopupWidget() is None
    assert not box.isVisible()
    box.deleteLater()


def test_it_locks_itself_after_a_while_without_a_hand(staffed: Running, make: Make) -> None:
    del make
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)
    clock = staffed.app.store.clock
    assert isinstance(clock, ChosenClock)

    clock.pass_time(timedelta(minutes=9).total_seconds())
    QTest.keyClick(staffed.window, Qt.Key.Key_Down)
    clock.pass_time(timedelta(minutes=9).total_seconds())
    staffed.window.people._check_idle()
    assert not lock_of(staffed).isVisible()
    clock.pass_time(timedelta(minutes=2).total_seconds())
    staffed.window.people._check_idle()

    assert lock_of(staffed).isVisible()


def test_a_manager_approves_in_place(staffed: Running) -> None:
    (pk,) = put_in(staffed.app.store, remote_order("r1"))
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)
    who: Who = staffed.window.ctx.who
    orders.move(staffed.app.store, pk, Status.ACCEPTED, who)
    ctx, done = staffed.window.ctx, list[object]()
    ctx.tasks.run(
        lambda: orders.move(ctx.store, pk, Status.CANCELLED, who, reason="called"), done.append, owner=ctx
    )
    dialog = staffed.dialog()
    assert dialog.windowTitle() == "Cancelling an accepted order needs a manager."

    QTest.keyClicks(dialog, "111222")
    staffed.rest()
    assert "not right" in staffed.find(PlainLabel, "approvalMessage").text()
    QTest.keyClicks(dialog, BOSS)
    staffed.rest()
    staffed.rest()

    assert len(done) == 1
    assert order_fact(staffed.app.store, pk, "status") == "cancelled"
    assert staffed.no_dialog()


def test_leaving_an_approval_leaves_all_as_it_was(staffed: Running) -> None:
    (pk,) = put_in(staffed.app.store, remote_order("r1"))
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)
    who, ctx, failed = staffed.window.ctx.who, staffed.window.ctx, list[object]()
    orders.move(ctx.store, pk, Status.ACCEPTED, who)
    ctx.tasks.run(lambda: orders.move(ctx.store, pk, Status.CANCELLED, who), failed=failed.append, owner=ctx)

    QTest.keyClick(staffed.dialog(), Qt.Key.Key_Escape)
    staffed.rest()

    assert len(failed) == 1
    assert order_fact(ctx.store, pk, "status") == "accepted"


def test_settings_of_the_shop_need_a_manager_and_the_look_does_not(staffed: Running) -> None:
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)
    staffed.window.ctx.save_setting("look", "theme", "dark")
    staffed.rest()
    assert staffed.window.ctx.config.get("look", "theme") == "dark"

    staffed.window.ctx.save_setting("sales", "tips", True)
    dialog = staffed.dialog()
    assert dialog.windowTitle() == "Changing settings needs a manager."
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    staffed.rest()

    assert staffed.window.ctx.config.get("sales", "tips") is False


def test_the_first_person_is_added_in_the_settings_and_locks_the_window(running: Running) -> None:
    running.window.open_settings("people")
    running.rest()
    running.find(Button, "addPersonButton").click()
    dialog = running.dialog()
    for name, text in (("personName", "Olga"), ("personPin", "111111"), ("personPinAgain", "111111")):
        edit = dialog.findChild(TextInput, name)
        assert edit is not None
        QTest.keyClicks(edit, text)
    save = dialog.findChild(Button, "savePersonButton")
    assert save is not None
    save.click()
    running.rest()
    wrong = [field.error for field in dialog.findChildren(Field) if field.error]
    assert wrong == ["This PIN is too easy to guess: take digits that do not run in order."]
    for name in ("personPin", "personPinAgain"):
        edit = dialog.findChild(TextInput, name)
        assert edit is not None
        edit.clear()
        QTest.keyClicks(edit, BOSS)
    save.click()
    running.bot.waitUntil(lambda: lock_of(running).isVisible(), timeout=5000)
    running.rest()

    type_pin(running, BOSS)
    assert running.window.ctx.who.actor == "Olga"


def test_nothing_is_clipped_with_six_people(staffed: Running) -> None:
    store = staffed.app.store
    boss = next(one for one in staffed.window.people.people if one.role is Role.MANAGER)
    who = people.sign_in(store, boss.id, BOSS, STATION).who
    for name, pin in (("Daniyar", "2580"), ("Björn Vandenplas", "8024"), ("सीता", "7391"), ("Ян", "6172")):
        people.add_person(store, name, Role.COOK, pin, who)
    staffed.bot.waitUntil(lambda: len(staffed.window.people.people) == 6, timeout=5000)
    staffed.rest()

    lock = lock_of(staffed)
    assert list(find_clipped(lock)) == []
    assert lock.pad.geometry().bottom() < lock.height()


def test_the_wait_is_shown_for_its_person_only_and_after_a_restart(running: Running) -> None:
    hire(running)
    store = running.app.store
    clerk = next(one for one in staff(store) if one.role is Role.COUNTER)
    for _ in range(5):
        with pytest.raises(RefusedError):
            people.sign_in(store, clerk.id, "0001", STATION)  # as before the window was opened
    running.bot.waitUntil(lambda: lock_of(running).isVisible(), timeout=5000)
    running.rest()
    hint = running.find(PlainLabel, "lockHint")

    choose(running, "Aigerim")
    running.rest()
    assert hint.text() == "Too many wrong PINs. The next try is in 30 s."
    assert not lock_of(running).pad.isEnabled()
    choose(running, "Olga Petrova")
    running.rest()
    assert hint.text() == "Enter your PIN"
    type_pin(running, BOSS)

    assert not lock_of(running).isVisible()


def test_what_is_typed_stays_while_others_work_elsewhere(staffed: Running) -> None:
    choose(staffed, "Aigerim")
    staffed.rest()
    QTest.keyClicks(QApplication.focusWidget() or staffed.window, CLERK[:2])
    staffed.window.people.refresh()
    staffed.rest()
    type_pin(staffed, CLERK[2:])

    assert staffed.window.ctx.who.actor == "Aigerim"


def test_a_pin_that_was_replaced_without_a_manager_is_told_to_all(staffed: Running) -> None:
    store = staffed.app.store
    boss = next(one for one in staff(store) if one.role is Role.MANAGER)
    people.recover(store, boss.id, "418203", station_itself("root"))
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)
    staffed.rest()

    shown = [label.text() for label in staffed.window.findChildren(PlainLabel) if label.isVisible()]
    assert any("Olga Petrova got a new PIN on the command line" in text for text in shown)


def test_what_is_typed_into_the_editor_outlives_the_lock_and_is_saved_by_who_comes(staffed: Running) -> None:
    (pk,) = put_in(staffed.app.store, remote_order("r1"))
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)
    staffed.window.ctx.edit_wanted.emit(pk)
    staffed.rest()
    phone = staffed.find(QLineEdit, "editor_phone")
    phone.setFocus()
    phone.selectAll()
    QTest.keyClicks(phone, "+77012341806")
    staffed.window.people.lock()
    staffed.rest()
    choose(staffed, "Olga Petrova")
    type_pin(staffed, BOSS)
    assert phone.text() == "+77012341806"

    QTest.keyClick(phone, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    staffed.rest()
    staffed.rest()

    assert order_fact(staffed.app.store, pk, "phone") == "+77012341806"
    row = staffed.app.store.one("SELECT actor FROM events WHERE kind = 'edited'")
    assert row == ("Olga Petrova",)


def test_the_kitchens_own_window_stays_readable_and_acts_only_for_somebody(staffed: Running) -> None:
    (pk,) = put_in(staffed.app.store, remote_order("r1"))
    store = staffed.app.store
    clerk = next(one for one in staff(store) if one.role is Role.COUNTER)
    orders.move(store, pk, Status.ACCEPTED, people.sign_in(store, clerk.id, CLERK, STATION).who)
    staffed.window.kitchen.open_window()
    second = staffed.window.kitchen.second
    assert second is not None
    staffed.rest()

    assert lock_of(staffed).isVisible()
    assert second.page.isEnabled()

    def press() -> None:
        second.activateWindow()
        for key in (Qt.Key.Key_1, Qt.Key.Key_Return):
            QTest.keyClick(second.page, key)
            staffed.rest()
        staffed.rest()

    press()
    assert order_fact(store, pk, "status") == "accepted"
    choose(staffed, "Aigerim")
    QTest.keyClicks(lock_of(staffed), CLERK)
    staffed.rest()
    assert not lock_of(staffed).isVisible()
    press()
    assert order_fact(store, pk, "status") == "cooking"


def test_the_next_person_takes_back_in_the_kitchen_what_the_one_before_did(staffed: Running) -> None:
    (pk,) = put_in(staffed.app.store, remote_order("r1"))
    choose(staffed, "Aigerim")
    type_pin(staffed, CLERK)
    orders.move(staffed.app.store, pk, Status.ACCEPTED, staffed.window.ctx.who)
    staffed.window.open_screen("kitchen")
    staffed.rest()
    page = staffed.find(KitchenPage, "kitchenPage")
    staffed.bot.waitUntil(lambda: pk in page.board.order, timeout=5000)
    for key in (Qt.Key.Key_1, Qt.Key.Key_Return):
        QTest.keyClick(page, key)
        staffed.rest()
    assert order_fact(staffed.app.store, pk, "status") == "cooking"
    staffed.window.people.lock()
    choose(staffed, "Olga Petrova")
    type_pin(staffed, BOSS)

    QTest.keyClick(page, Qt.Key.Key_U)
    staffed.rest()

    assert order_fact(staffed.app.store, pk, "status") == "accepted"
    assert staffed.app.store.one("SELECT actor FROM events WHERE kind = 'undone'") == ("Olga Petrova",)
