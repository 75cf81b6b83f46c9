"""How the Delivery screen looks: nothing cut off, no scrolling too early, hostile names, who drives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget

from posapp.domain.status import RowState, Status
from posapp.domain.timing import Age
from posapp.services import couriers, dispatch, remotes
from posapp.services.together import Seen
from posapp.ui.delivery.couriersdialog import CouriersDialog
from posapp.ui.delivery.words import timer_of
from posapp.ui.theme import current_theme
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel
from tests.gui.delivery.conftest import NAMES, Counter, Make
from tests.gui.orders.scene import WHO, ask_a_person

HOSTILE = "<b>Bobby</b> \u202e&amp; <img src=x onerror=alert(1)> " + "Ы" * 30


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (1366, 768), (1920, 1080)])
def test_nothing_is_cut_off(make: Make, theme: str, size: tuple[int, int]) -> None:
    counter = make(theme=theme)
    counter.app.window.resize(*size)
    seen = [Seen(counter.pk("madina")), Seen(counter.pk("igor"))]
    dispatch.assign(counter.store, seen, counter.couriers[NAMES[2]], WHO)
    counter.click(counter.tile("timur"))
    assert counter.clipped() == []
    for segment in reversed(counter.page.waiting.segments.segments):
        segment.click()
        assert counter.clipped() == [], segment.text()


def test_five_orders_and_four_couriers_need_no_scrolling_at_1366(counter: Counter) -> None:
    seen = [Seen(counter.pk(guest)) for guest in ("madina", "igor")]
    dispatch.assign(counter.store, seen, counter.couriers[NAMES[2]], WHO)
    dispatch.assign(counter.store, [Seen(counter.pk("zhanna"))], counter.couriers[NAMES[3]], WHO)
    dispatch.assign(counter.store, [Seen(counter.pk("asel"))], counter.couriers[NAMES[1]], WHO)
    dispatch.assign(counter.store, [Seen(counter.pk("bekzat"))], counter.couriers[NAMES[1]], WHO)
    dispatch.deliver(counter.store, [Seen(counter.pk("asel")), Seen(counter.pk("bekzat"))], WHO)
    dispatch.send_out(counter.store, [Seen(counter.pk("dinara"))], WHO)
    dispatch.deliver(counter.store, [Seen(counter.pk("dinara"))], WHO)
    counter.rest()

    assert len(counter.page.waiting.tiles) == 5
    assert len(counter.page.fleet.shown_couriers()) == 4
    for name in ("waitingOrders", "courierList"):
        assert counter.find(QScrollArea, name).verticalScrollBar().maximum() == 0, name


def test_times_run_from_the_sending_and_lateness_is_told_in_words(counter: Counter) -> None:
    row = counter.road("igor")
    assert "29 min" in row.accessibleName()
    counter.scene.clock.now += timedelta(minutes=6)
    counter.page._tick()

    assert "35 min" in row.accessibleName()
    assert "late" in counter.tile("saule").accessibleName()


def test_hostile_names_are_shown_as_they_are(counter: Counter) -> None:
    pk = couriers.add(counter.store, HOSTILE[:70], WHO)
    with counter.store.write() as tx:
        tx.execute(
            "UPDATE orders SET customer_name = ?, address = ?, version = version + 1 WHERE pk = ?",
            (HOSTILE * 5, HOSTILE * 5, counter.pk("timur")),
        )
        tx.touch(counter.pk("timur"))
    dispatch.assign(counter.store, [Seen(counter.pk("timur"))], pk, WHO)
    counter.rest()

    assert counter.clipped() == []
    assert "<b>Bobby</b>" in counter.road("timur").accessibleName()
    assert "\u202e" not in counter.find(QWidget, f"courier_{pk}").accessibleName()


def test_offline_is_said_calmly_and_work_goes_on(counter: Counter) -> None:
    counter.app.context.put_config(counter.app.context.config)
    remotes.note_trouble(counter.store, "alma", "refused", "No answer.")
    counter.rest()
    banner = counter.page.banners.findChild(Banner, "offlineBanner")
    assert banner is not None
    counter.click(counter.tile("timur"))
    counter.key(Qt.Key.Key_Return)
    counter.until(lambda: counter.holder("timur") == NAMES[0])
    assert counter.detail("timur").queue[-1].state == "pending"


def test_an_empty_counter_says_what_will_come(make: Make) -> None:
    counter = make(names=())
    for row in counter.board().waiting:
        dispatch.send_out(counter.store, [Seen(row.order.pk)], WHO)
    waiting = [Seen(row.order.pk) for row in (*counter.board().waiting, *counter.board().road)]
    dispatch.deliver(counter.store, waiting, WHO)
    counter.rest()

    assert counter.find(QWidget, "nothingWaits").isVisible()
    assert counter.find(QWidget, "nothingOnTheRoad").isVisible()
    assert counter.clipped() == []


def test_every_control_has_a_name(counter: Counter) -> None:
    counter.click(counter.tile("timur"))
    counter.rest()
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in counter.page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName().strip(" ,")
    ]
    assert nameless == []


# -- the list of couriers --------------------------------------------------------------------------------


def open_list(counter: Counter) -> CouriersDialog:
    counter.click(counter.button("couriersButton"))
    counter.rest()
    return counter.find(CouriersDialog, "couriersDialog")


def part(dialog: QWidget, kind: type[QWidget], name: str) -> QWidget:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def test_a_first_courier_is_added_from_the_screen(make: Make) -> None:
    counter = make(names=())
    dialog = open_list(counter)
    counter.until(dialog.edit.hasFocus)
    dialog.edit.setText("Марат О.")
    QTest.keyClick(dialog.edit, Qt.Key.Key_Return)
    counter.until(lambda: len(counter.board().couriers) == 1)
    counter.rest()
    assert dialog.isVisible()
    assert counter.clipped() == []
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    counter.rest()

    (courier,) = counter.page.fleet.shown_couriers()
    assert (courier.name, courier.initials) == ("Марат О.", "МО")
    assert counter.tile("timur").isCheckable()


def test_couriers_are_renamed_sent_home_removed_and_brought_back(counter: Counter) -> None:
    first, second = (counter.couriers[name] for name in NAMES[:2])
    dialog = open_list(counter)
    edit = part(dialog, TextInput, f"courierName_{first}")
    assert isinstance(edit, TextInput)
    edit.setText("Bauyrzhan")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    counter.until(lambda: counter.board().couriers[0].name == "Bauyrzhan")
    counter.rest()
    assert counter.board().couriers[0].initials == "B"

    duty = part(dialog, Toggle, f"courierDuty_{first}")
    assert isinstance(duty, Toggle)
    duty.click()
    counter.until(lambda: not counter.board().couriers[0].on_duty)
    counter.rest()

    part(dialog, Button, f"courierRemove_{second}").click()  # type: ignore[attr-defined]
    counter.until(lambda: second not in [row.pk for row in counter.board().couriers])
    counter.rest()
    assert counter.clipped() == []
    counter.click(counter.button("restoreCourierButton"))
    counter.until(lambda: second in [row.pk for row in counter.board().couriers])
    counter.rest()
    counter.click(counter.button("couriersDoneButton"))
    counter.rest()
    assert [row.pk for row in counter.page.fleet.shown_couriers()][:1] == [second]


def test_whoever_is_on_the_road_cannot_be_removed_and_it_is_said_why(counter: Counter) -> None:
    marat = counter.couriers[NAMES[2]]
    dispatch.assign(counter.store, [Seen(counter.pk("igor"))], marat, WHO)
    dialog = open_list(counter)
    part(dialog, Button, f"courierRemove_{marat}").click()  # type: ignore[attr-defined]
    counter.rest()

    message = part(dialog, PlainLabel, "couriersMessage")
    assert isinstance(message, PlainLabel)
    assert message.text().startswith(f"{NAMES[2]} is on the road.")
    assert len(counter.board().couriers) == 4


def test_what_the_shop_cancelled_while_it_is_made_or_rides_is_loud_and_asks_for_a_decision(
    counter: Counter,
) -> None:
    for guest in ("timur", "igor"):
        ask_a_person(counter.store, counter.pk(guest), RowState.CONFLICT, Status.CANCELLED, "")
    counter.until(lambda: counter.tile("timur").act.label == "Decide")
    bar = counter.page.banners.findChild(Banner, "stoppedBanner")

    assert bar is not None
    assert bar.isVisible()
    assert counter.code("timur") in bar.text
    assert counter.code("igor") in bar.text
    assert "Cancelled at shop" in counter.tile("timur").accessibleName()
    assert "Cancelled at shop" in counter.road("igor").accessibleName()
    assert counter.clipped() == []

    # It can be given to nobody, and its buttons lead to the decision instead of away from the shop.
    counter.page.selection.choose_all()
    assert counter.pk("timur") not in {row.order.pk for row in counter.page.selection.rows}
    window = counter.app.window
    buttons = (counter.tile("timur").act, counter.road("igor").end)
    for button, words in zip(buttons, ("The kitchen has stopped it.", "It is on the road."), strict=True):
        window.open_screen("delivery")
        counter.click(button)
        assert window.screen_key == "orders"
        counter.rest()
        box = counter.find(QWidget, "decisionBox")
        assert box.isVisible()
        assert words in box.accessibleName()
        assert counter.clipped() == []
    assert counter.status("igor") == "ondelivery"


def test_the_rail_counts_what_is_late_here(counter: Counter) -> None:
    button = counter.app.window.rail.button("delivery")

    def late() -> int:
        rows = (*counter.board().waiting, *counter.board().road)
        now, zone = counter.scene.clock(), counter.app.context.zone
        return sum(timer_of(row, now, zone).level is Age.LATE for row in rows)

    seen = set()
    for minutes in (0, 4, 9, 40):
        counter.scene.clock.now += timedelta(minutes=minutes)
        counter.app.window.reader.refresh()
        counter.rest()
        assert button.badge == late()
        seen.add(button.badge)
    assert len(seen) > 2
    assert button.accessibleName() == f"Delivery, {button.badge}"


def test_without_couriers_the_whole_address_can_be_read(make: Make) -> None:
    counter = make(names=())
    address = "мкр. Орбита-3, 12, подъезд 4, этаж 9, кв. 108, код 77"
    with counter.store.write() as tx:
        tx.execute(
            "UPDATE orders SET address = ?, version = version + 1 WHERE pk = ?",
            (address, counter.pk("timur")),
        )
        tx.touch(counter.pk("timur"))
    counter.rest()
    tile = counter.tile("timur")
    lines = tile._place_lines(current_theme())

    assert " ".join(lines).replace("\u00a0", " ").split() == address.split()
    assert tile.height() > counter.tile("ruslan").height()
    assert counter.clipped() == []
