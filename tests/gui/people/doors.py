"""For every right a door of the window through which a person uses it, up to the last press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from posapp.domain.people import Right
from posapp.domain.status import Status
from posapp.services import backups, shifts
from posapp.storage.catalogue import product
from posapp.storage.shifts import open_shift_of
from posapp.ui.catalogue.dishdialog import DishDialog
from posapp.ui.history.panel import HistoryPanel
from posapp.ui.screens.delivery import DeliveryPage
from posapp.ui.screens.kitchen import KitchenPage
from posapp.ui.screens.new_order import NewOrderPage
from posapp.ui.screens.orders_view import OrdersView
from posapp.ui.screens.reports import ReportsPage
from posapp.ui.screens.sync import SyncPage
from posapp.ui.settings.backup import BackupSection
from posapp.ui.settings.privacy import PrivacySection
from posapp.ui.shift.count import SUM, CountDialog
from tests.gui.people.walk import CTRL, STATION, Walk
from tests.support.till import RULES

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
S = Status


@dataclass(frozen=True)
class Way:
    """One way through a door: the last press, whether the act is done, and what was typed on the way."""

    press: Callable[[], object]
    done: Callable[[], bool]
    typed: Callable[[], object] = lambda: None
    kind: str = ""  # of the entry that the act leaves, "" when only the approval tells of it


def count(walk: Walk, table: str) -> Callable[[], int]:
    return lambda: int(walk.fact(f"SELECT count(*) FROM {table}"))  # noqa: S608


def one_more(walk: Walk, table: str) -> Callable[[], bool]:
    before, now = count(walk, table)(), count(walk, table)
    return lambda: now() == before + 1


def field(walk: Walk, name: str) -> Callable[[], str]:
    """Return what stands in a field; it fails when the field is gone with what was typed."""
    return lambda: walk.find(QLineEdit, name).text()


# -- orders ----------------------------------------------------------------------------------------------


def notice(walk: Walk) -> Way:
    pk = walk.order()
    walk.open_order(walk.order(S.ACCEPTED))
    view = walk.find(OrdersView, "ordersView")
    walk.until(lambda: view._orders.place_of(pk) >= 0)

    def press() -> None:
        index = view._orders.index(view._orders.place_of(pk))
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())

    noticed = lambda: bool(walk.fact("SELECT noticed_by FROM orders WHERE pk = ?", pk))  # noqa: E731
    return Way(press, noticed)


def accept(walk: Walk) -> Way:
    pk = walk.order()
    walk.open_order(pk)
    done = lambda: walk.status(pk) == "accepted"  # noqa: E731
    return Way(lambda: walk.key(Key.Key_Return), done, kind="moved")


def forward(walk: Walk) -> Way:
    pk = walk.order(S.ACCEPTED)
    walk.open_order(pk)
    return Way(lambda: walk.key(Key.Key_Return), lambda: walk.status(pk) == "cooking", kind="moved")


def _cancel(walk: Walk, pk: int) -> Way:
    walk.open_order(pk)
    walk.key(Key.Key_Delete)
    walk.type_into("cancelWords", "called twice")
    return Way(
        lambda: walk.click("confirmCancelButton"),
        lambda: walk.status(pk) == "cancelled",
        field(walk, "cancelWords"),
        "moved",
    )


def cancel_new(walk: Walk) -> Way:
    return _cancel(walk, walk.order())


def cancel(walk: Walk) -> Way:
    return _cancel(walk, walk.order(S.ACCEPTED))


def step_back(walk: Walk) -> Way:
    pk = walk.order(S.ACCEPTED, S.COOKING, S.ONDELIVERY)
    walk.open_order(pk)
    walk.key(Key.Key_Return)
    assert walk.status(pk) == "delivered"
    walk.clock.pass_time(120)
    return Way(lambda: walk.key(Key.Key_Z, held=CTRL), lambda: walk.status(pk) == "ondelivery", kind="undone")


def edit(walk: Walk) -> Way:
    pk = walk.order(S.ACCEPTED)
    walk.open_order(pk)
    walk.key("e")
    walk.type_into("editor_phone", "+77012341806")
    saved = lambda: walk.fact("SELECT phone FROM orders WHERE pk = ?", pk) == "+77012341806"  # noqa: E731
    return Way(lambda: walk.key(Key.Key_S, held=CTRL), saved, field(walk, "editor_phone"), "edited")


def print_(walk: Walk) -> Way:
    walk.open_order(walk.sale())
    walk.key(Key.Key_P, held=CTRL)
    return Way(lambda: walk.click("printButton"), one_more(walk, "print_jobs"))


# -- kitchen, delivery -----------------------------------------------------------------------------------


def kitchen(walk: Walk) -> Way:
    pk = walk.order(S.ACCEPTED, S.COOKING)
    walk.show("kitchen")
    page = walk.find(KitchenPage, "kitchenPage")
    walk.until(lambda: pk in page.board.order)
    page.board.select(pk)
    ticks = lambda: walk.fact("SELECT count(*) FROM kitchen_ticks WHERE order_pk = ?", pk) == 1  # noqa: E731
    return Way(lambda: walk.key(Key.Key_Space), ticks, kind="item_made")


def dispatch(walk: Walk) -> Way:
    pk = walk.order(S.ACCEPTED, S.COOKING)
    walk.show("delivery")
    page = walk.find(DeliveryPage, "deliveryPage")
    walk.until(lambda: any(tile.row is not None and tile.row.order.pk == pk for tile in page.waiting.tiles))
    page.choose(pk)
    return Way(
        lambda: walk.click("assign_1"),
        lambda: walk.status(pk) == "ondelivery",
        lambda: [row.order.pk for row in page.selection.rows],
        "assigned",
    )


def couriers(walk: Walk) -> Way:
    walk.show("delivery")
    walk.click("couriersButton")
    walk.type_into("newCourierName", f"Serik {walk.number}")
    walk.number += 1
    return Way(
        lambda: walk.click("addCourierButton"),
        one_more(walk, "couriers"),
        field(walk, "newCourierName"),
        "courier_added",
    )


# -- the counter -----------------------------------------------------------------------------------------


def _till(walk: Walk) -> NewOrderPage:
    walk.show("new")
    page = walk.find(NewOrderPage, "newOrderPage")
    page.desk.clear()
    walk.rest()
    return page


def _cart(page: NewOrderPage) -> object:
    sale = page.desk.cart.sale
    return [line.title for line in sale.lines], sale.discounts


def sell(walk: Walk) -> Way:
    page = _till(walk)
    QTest.mouseClick(page.pane.grid.viewport(), LEFT, pos=page.pane.grid.tile_center("margarita"))
    walk.rest()

    def press() -> None:
        walk.until(lambda: not page.payment.hasty)
        walk.key(Key.Key_F12)

    return Way(press, one_more(walk, "sales"), lambda: _cart(page), "sold")


def big_discount(walk: Walk) -> Way:
    way = sell(walk)
    walk.click("discountButton")
    walk.type_into("discountValue", "50")
    walk.type_into("discountReason", "burnt")
    walk.click("giveDiscountButton")
    return way


def promo(walk: Walk) -> Way:
    way = sell(walk)
    walk.click("discountButton")
    walk.click("promo_Family")
    return way


def sold_out(walk: Walk) -> Way:
    page = _till(walk)
    grid = page.pane.grid
    dish = "diablo" if walk.number % 2 else "mors"
    walk.number += 1

    def press() -> None:
        at = grid.tile_center(dish)
        wanted = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, grid.viewport().mapToGlobal(at))
        QApplication.sendEvent(grid.viewport(), wanted)
        menu = QApplication.activePopupWidget()
        assert menu is not None
        action = menu.findChild(QAction, "soldOutTodayAction")
        assert action is not None
        action.trigger()
        menu.close()

    def done() -> bool:
        found = product(walk.store, dish)
        return found is not None and found.sold_out(walk.clock())

    return Way(press, done, kind="product_sold_out")


def refund(walk: Walk) -> Way:
    pk = walk.sale()
    walk.open_order(pk)
    walk.key("p")
    walk.click("refundButton")
    walk.type_into("refundReason", "cold")
    return Way(
        lambda: walk.click("giveBackButton"),
        one_more(walk, "payments"),
        field(walk, "refundReason"),
        "refunded",
    )


def drawer(walk: Walk) -> Way:
    walk.show("orders")
    walk.key(Key.Key_K, held=CTRL)
    walk.key("drawer", Key.Key_Return)
    walk.type_into("reasonEdit", "change for the courier")
    return Way(
        lambda: walk.click("reasonButton"), one_more(walk, "print_jobs"), field(walk, "reasonEdit"), "drawer"
    )


# -- the shift -------------------------------------------------------------------------------------------


def _shift(walk: Walk, *, is_open: bool) -> None:
    """Begin without a shift, or with one that was opened by hand."""
    who = walk.window.ctx.who
    if open_shift_of(walk.store, STATION) is not None:
        with walk.store.write("office") as tx:
            tx.execute("UPDATE shifts SET closed_at = opened_at WHERE closed_at IS NULL")
    if is_open:
        shifts.open_shift(walk.store, Decimal(10_000), RULES, who)
    walk.rest()
    walk.show("reports")
    page = walk.find(ReportsPage, "reportsPage")
    QTest.mouseClick(page.head.tab.segments[1], LEFT)
    walk.rest()


def shift(walk: Walk) -> Way:
    _shift(walk, is_open=False)
    walk.click("openShift")
    walk.type_into("shiftAmount", "10000")
    return Way(
        lambda: walk.click("openShiftNow"),
        lambda: open_shift_of(walk.store, STATION) is not None,
        field(walk, "shiftAmount"),
        "shift_opened",
    )


def _close(walk: Walk, counted: str) -> Way:
    walk.click("closeShift")
    dialog = walk.find(CountDialog, "countDialog")
    dialog.way.set_value(SUM)
    dialog.way.valueChanged.emit(SUM)
    walk.type_into("countSum", counted)
    walk.type_into("countReason", "a note is gone")
    return Way(
        lambda: walk.click("closeShiftNow"),
        lambda: open_shift_of(walk.store, STATION) is None,
        lambda: (dialog.isVisible(), field(walk, "countSum")(), field(walk, "countReason")()),
        "shift_closed",
    )


def big_difference(walk: Walk) -> Way:
    _shift(walk, is_open=True)
    return _close(walk, "9000")


def shift_gap(walk: Walk) -> Way:
    gone = walk.order()
    _shift(walk, is_open=True)
    with walk.store.write("office") as tx:
        tx.execute("DELETE FROM orders WHERE pk = ?", (gone,))
    walk.rest()
    return _close(walk, "10000")


# -- what the shop refused -------------------------------------------------------------------------------


def _entry(walk: Walk, kind: str) -> tuple[SyncPage, int]:
    walk.show("sync")
    pk = walk.given[kind]
    page = walk.find(SyncPage, "syncPage")
    walk.until(lambda: page._reader.resting)
    view = page.queue.view
    index = page.queue.model.index(page.queue.model.place_of(f"order:{pk}"))
    view.scrollTo(index)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())
    walk.rest()
    walk.until(lambda: page._reader.resting and not page._guard.isActive())
    return page, pk


def _choices(page: SyncPage) -> object:
    rows = page.right.desk.rows.items()
    return [(name, side) for name, row in rows for side, cell in row.cells.items() if cell.isChecked()]


def resolve(walk: Walk) -> Way:
    page, pk = _entry(walk, "conflict")
    walk.click("allTheirsButton")
    street = lambda: walk.fact("SELECT street FROM orders WHERE pk = ?", pk) == "Gairidhara 4"  # noqa: E731
    return Way(lambda: walk.click("applyChoicesButton"), street, lambda: _choices(page), "resolved")


def reassert(walk: Walk) -> Way:
    page, pk = _entry(walk, "cancelled")
    walk.click("allMineButton")
    sql = "SELECT count(*) FROM outbox WHERE order_pk = ? AND state = 'pending'"
    return Way(
        lambda: walk.click("applyChoicesButton"),
        lambda: walk.fact(sql, pk) == 1,
        lambda: _choices(page),
        "resolved",
    )


def discard(walk: Walk) -> Way:
    _, pk = _entry(walk, "refused")
    walk.click("sync_discard")
    walk.type_into("discardWords", "Ram said so")
    sql = "SELECT count(*) FROM outbox WHERE order_pk = ? AND state = 'superseded'"
    return Way(
        lambda: walk.click("confirmDiscardButton"),
        lambda: walk.fact(sql, pk) == 1,
        field(walk, "discardWords"),
        "discarded",
    )


# -- settings, reports -----------------------------------------------------------------------------------


def catalogue(walk: Walk) -> Way:
    walk.show_settings("menu")
    walk.click("addDishButton")
    dialog = walk.find(DishDialog, "dishDialog")
    walk.number += 1
    for name, text in (("title", "Lagman"), ("internal_id", f"l-{walk.number}"), ("price", "1800")):
        dialog.form.texts[name].setText(text)
    return Way(
        lambda: walk.click("saveDishButton"),
        one_more(walk, "products"),
        lambda: (dialog.isVisible(), dialog.form.texts["title"].text()),
        "product_added",
    )


def settings(walk: Walk) -> Way:
    walk.show_settings("sales")
    before = walk.window.ctx.config.get("sales", "tips")
    return Way(
        lambda: walk.click("sales_tips"), lambda: walk.window.ctx.config.get("sales", "tips") != before
    )


def staff(walk: Walk) -> Way:
    walk.show_settings("people")
    walk.click("addPersonButton")
    walk.number += 1
    for name, text in (
        ("personName", f"Dana {walk.number}"), ("personPin", "6172"), ("personPinAgain", "6172"),
    ):  # fmt: skip
        walk.type_into(name, text)
    names = ("personName", "personPin", "personPinAgain")
    return Way(
        lambda: walk.click("savePersonButton"),
        one_more(walk, "staff"),
        lambda: [field(walk, name)() for name in names],
        "staff_added",
    )


def export(walk: Walk) -> Way:
    walk.show("reports")
    page = walk.find(ReportsPage, "reportsPage")
    QTest.mouseClick(page.head.tab.segments[2], LEFT)
    walk.rest()
    panel = walk.find(HistoryPanel, "historyPanel")
    walk.number += 1
    file = walk.folder.parent / f"history{walk.number}.csv"

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        line = dialog.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.setText(str(file))  # selectFile leaves a line alone that has the keys
        dialog.accept()

    def press() -> None:
        QTimer.singleShot(100, answer)
        QTest.mouseClick(panel.export_button, LEFT)

    return Way(press, file.exists, kind="exported")


def erase(walk: Walk) -> Way:
    walk.order()
    walk.show_settings("privacy")
    section = walk.window.findChild(PrivacySection)
    assert section is not None
    walk.type_into("forgetPhone", "9841255523")
    section.found.hide()
    return Way(lambda: walk.click("findCustomerButton"), section.found.isVisible, field(walk, "forgetPhone"))


def restore(walk: Walk) -> Way:
    backups.back_up_now(walk.store, walk.window.ctx.config.backups, walk.boss)
    walk.show_settings("backup")
    section = walk.window.findChild(BackupSection)
    assert section is not None
    walk.until(lambda: not section._reader.busy)
    section.trying.result_line.hide()

    def done() -> bool:
        return not section.trying._aside.busy and section.trying.result_line.isVisible()

    return Way(lambda: walk.click("tryRestoreButton"), done)


DOORS: dict[Right, Callable[[Walk], Way]] = {
    Right.NOTICE: notice,
    Right.KITCHEN: kitchen,
    Right.FORWARD: forward,
    Right.ACCEPT: accept,
    Right.EDIT: edit,
    Right.DISPATCH: dispatch,
    Right.COURIERS: couriers,
    Right.SELL: sell,
    Right.BIG_DISCOUNT: big_discount,
    Right.PROMO: promo,
    Right.CANCEL_NEW: cancel_new,
    Right.CANCEL: cancel,
    Right.STEP_BACK: step_back,
    Right.REFUND: refund,
    Right.SHIFT: shift,
    Right.SHIFT_GAP: shift_gap,
    Right.BIG_DIFFERENCE: big_difference,
    Right.DRAWER: drawer,
    Right.PRINT: print_,
    Right.SOLD_OUT: sold_out,
    Right.CATALOGUE: catalogue,
    Right.RESOLVE: resolve,
    Right.REASSERT: reassert,
    Right.DISCARD: discard,
    Right.SETTINGS: settings,
    Right.STAFF: staff,
    Right.EXPORT: export,
    Right.ERASE: erase,
    Right.RESTORE: restore,
}
