"""The screens of the window: a new one is a file in screens/ and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from posapp.ui.context import Context

ORDERS, NEW, KITCHEN, DELIVERY, SYNC, SETTINGS = "orders", "new", "kitchen", "delivery", "sync", "settings"
REPORTS = "reports"


class Page(Protocol):
    """What the window asks of every screen; each is a QWidget too."""

    def shown(self) -> None:
        """Be told that the screen came to the front."""

    def hidden(self) -> None:
        """Be told that another screen took its place."""

    def focus_search(self) -> None:
        """Put the cursor into the screen's search field."""

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on a key that no field wants; tell whether it meant something here."""

    def undo(self) -> None:
        """Take back the last act of this screen."""

    def toast_anchor(self) -> QWidget:
        """Return the widget over whose lower left corner messages appear."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A screen: its key on the command line, its name, its icon, and how it is made (at its first use)."""

    key: str
    title: str
    icon: str
    make: Callable[[Context], QWidget]


def page_specs() -> tuple[PageSpec, ...]:
    """Return the screens in the order of the rail."""
    return (
        PageSpec(ORDERS, _say("Orders"), "list-bullets", _orders),
        PageSpec(NEW, _say("New"), "plus-circle", _new),
        PageSpec(KITCHEN, _say("Kitchen"), "bowl-steam", _kitchen),
        PageSpec(DELIVERY, _say("Delivery"), "moped", _delivery),
        PageSpec(SYNC, _say("Sync"), "arrows-clockwise", _sync),
        PageSpec(REPORTS, _say("Reports"), "chart-bar", _reports),
        PageSpec(SETTINGS, _say("Settings"), "gear", _settings),
    )


def as_page(widget: QWidget) -> Page:
    """Return a screen's widget as what the window asks of it."""
    return cast(Page, widget)


def _orders(ctx: Context) -> QWidget:
    from posapp.ui.screens.orders import OrdersPage

    return OrdersPage(ctx)


def _new(ctx: Context) -> QWidget:
    from posapp.ui.screens.new_order import NewOrderPage

    return NewOrderPage(ctx)


def _kitchen(ctx: Context) -> QWidget:
    from posapp.ui.screens.kitchen import KitchenPage

    return KitchenPage(ctx)


def _delivery(ctx: Context) -> QWidget:
    from posapp.ui.screens.delivery import DeliveryPage

    return DeliveryPage(ctx)


def _sync(ctx: Context) -> QWidget:
    from posapp.ui.screens.sync import SyncPage

    return SyncPage(ctx)


def _reports(ctx: Context) -> QWidget:
    from posapp.ui.screens.reports import ReportsPage

    return ReportsPage(ctx)


def _settings(ctx: Context) -> QWidget:
    from posapp.ui.screens.settings import SettingsPage

    return SettingsPage(ctx)


def _say(text: str) -> str:
    return QCoreApplication.translate("pages", text)
