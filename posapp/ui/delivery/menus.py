"""The menus of the Delivery screen: further acts on an order on the road, and on a courier."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from posapp.storage.dispatch import CourierRow, DispatchRow
from posapp.ui.delivery.commands import DispatchCommands
from posapp.ui.icons import qicon
from posapp.ui.theme import current_theme


def _menu(parent: QWidget, name: str) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName(name)
    return menu


def road_menu(
    parent: QWidget, row: DispatchRow, couriers: Sequence[CourierRow], commands: DispatchCommands
) -> QMenu:
    """Return the menu of an order on the road; the caller adds how to open it."""
    menu = _menu(parent, parent.tr("More for order %1").replace("%1", row.order.code))
    ink = current_theme().palette.text2
    back = menu.addAction(qicon("arrow-u-up-left", 18, ink), parent.tr("Came back undelivered"))
    back.setObjectName("cameBackAction")
    back.triggered.connect(lambda _=False: commands.came_back([row]))
    for courier in couriers:
        if courier.pk != row.courier and courier.on_duty:
            text = parent.tr("Give to %1").replace("%1", courier.name.replace("&", "&&"))
            action = menu.addAction(qicon("moped", 18, ink), text)
            action.setObjectName(f"giveTo_{courier.pk}")
            action.triggered.connect(lambda _=False, courier=courier: commands.assign([row], courier))
    if row.courier is not None:
        off = menu.addAction(qicon("x", 18, ink), parent.tr("Take from the courier"))
        off.setObjectName("unassignAction")
        off.triggered.connect(lambda _=False: commands.unassign([row]))
    return menu


def courier_menu(
    parent: QWidget, courier: CourierRow, road: Sequence[DispatchRow], commands: DispatchCommands
) -> QMenu:
    """Return the menu of a courier; the caller adds cash and the list of all."""
    menu = _menu(parent, parent.tr("More for %1").replace("%1", courier.name))
    ink = current_theme().palette.text2
    if len(road) > 1:
        every = menu.addAction(qicon("seal-check", 18, ink), parent.tr("All delivered"))
        every.setObjectName("allDeliveredAction")
        every.triggered.connect(lambda _=False: commands.deliver(road))
    if not road:
        word = parent.tr("Off duty") if courier.on_duty else parent.tr("On shift again")
        duty = menu.addAction(qicon("pause" if courier.on_duty else "check-circle", 18, ink), word)
        duty.setObjectName("dutyAction")
        duty.triggered.connect(lambda _=False: commands.set_duty(courier, on_duty=not courier.on_duty))
    return menu
