"""What each screen asks of the window, connected when it is made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtWidgets import QWidget

from posapp.ui import pages
from posapp.ui.alarm import AlarmKeeper
from posapp.ui.firststart import FirstStart
from posapp.ui.kitchen_shell import KitchenShell
from posapp.ui.sync_view import SyncView
from posapp.ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from posapp.storage.rows import Counts
    from posapp.ui.screens.delivery import DeliveryPage
    from posapp.ui.screens.kitchen import KitchenPage
    from posapp.ui.screens.new_order import NewOrderPage
    from posapp.ui.screens.orders import OrdersPage
    from posapp.ui.screens.reports import ReportsPage
    from posapp.ui.screens.settings import SettingsPage
    from posapp.ui.screens.sync import SyncPage


class Shell(Protocol):
    """What the screens need of the window."""

    keeper: AlarmKeeper
    first_start: FirstStart
    kitchen: KitchenShell
    sync_view: SyncView
    top: TopBar

    def show_counts(self, counts: Counts) -> None:
        """Show how many orders are new."""

    def open_settings(self, section: str) -> None:
        """Open the settings at a section."""

    def open_order(self, pk: int) -> None:
        """Open an order on the Orders screen."""

    def undo(self) -> None:
        """Take back the last act."""

    def enter_key(self, name: str) -> None:
        """Ask for a new key of a shop."""


def link_screen(shell: Shell, key: str, widget: QWidget) -> None:
    """Connect a new screen with the window."""
    match key:
        case pages.ORDERS:
            orders = cast("OrdersPage", widget)
            orders.counts_changed.connect(shell.show_counts)
            orders.silence_requested.connect(shell.keeper.silence)
            orders.connect_requested.connect(shell.first_start.connect_shop)
            orders.training_requested.connect(shell.first_start.start_training)
        case pages.NEW:
            new = cast("NewOrderPage", widget)
            shell.top.middle.addWidget(new.tools)
            new.headline.connect(shell.top.show_title)
            new.undo_wanted.connect(shell.undo)
            new.settings_wanted.connect(lambda: shell.open_settings("menu"))
        case pages.KITCHEN:
            shell.kitchen.adopt(cast("KitchenPage", widget))
        case pages.DELIVERY:
            delivery = cast("DeliveryPage", widget)
            delivery.connect_requested.connect(lambda: shell.open_settings("connection"))
            delivery.order_wanted.connect(shell.open_order)
        case pages.SYNC:
            sync = cast("SyncPage", widget)
            sync.order_wanted.connect(shell.open_order)
            sync.key_wanted.connect(shell.enter_key)
            sync.send_wanted.connect(shell.sync_view.sync_now)
            sync.right.remark = shell.keeper.warning
        case pages.REPORTS:
            reports = cast("ReportsPage", widget)
            reports.told.connect(partial(shell.top.show_title, reports.accessibleName()))
            reports.history.order_wanted.connect(shell.open_order)
        case pages.SETTINGS:
            settings = cast("SettingsPage", widget)
            settings.connect_requested.connect(shell.first_start.connect_shop)
        case _:
            pass
