"""The main window: rail, top bar, the screens, and all that concerns every screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.config import Config
from posapp.ui.pages import DELIVERY, NEW, ORDERS, SETTINGS, SYNC, Page, PageSpec, as_page, page_specs
from posapp.ui.shell_parts import ProblemBar, StationBadge, TrainingBand
from posapp.ui.watchbar import WatchBar
from posapp.ui.widgets.navrail import NavRail
from posapp.ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from posapp.domain.errors import PosError
    from posapp.storage.rows import Counts
    from posapp.ui.context import Context
    from posapp.ui.screens.orders import OrdersPage
    from posapp.ui.screens.settings import SettingsPage
    from posapp.ui.shell_state import ShellState
    from posapp.ui.widgets.dialog import Dialog

MINIMUM = (1280, 720)
USUAL = (1366, 768)
TICK_MS = 1000


class MainWindow(QWidget):
    """The one window of a data directory.

    It is made in two steps, for a start without waiting: the frame, which needs the settings only, and with
    `attach` everything that needs the database. `first_painted` is sent once the first picture stands on the
    screen, `closed` when the window is closed for good, after the person agreed where something still waits.
    """

    first_painted = Signal()
    closed = Signal()

    ctx: Context

    def __init__(self, config: Config, *, training: bool = False, screen: str = ORDERS) -> None:
        super().__init__()
        self._config = config
        self._painted = self._may_close = self._attached = False
        self._specs: dict[str, PageSpec] = {spec.key: spec for spec in page_specs()}
        self._pages: dict[str, QWidget] = {}
        self._current = ""
        self.setObjectName("mainWindow")
        self.setWindowTitle("posapp")
        self.setMinimumSize(*MINIMUM)
        self._first = screen if screen in self._specs else ORDERS
        self._build(training=training)
        self.rail.set_current(self._first)
        self.station.show_station(config.station)
        self._show_title(self._first)
        self._show_clock(datetime.now(config.zone))

    def attach(self, ctx: Context) -> None:
        """Fill the frame: from now on the window lives."""
        # Imported here, because none of it is needed for the first picture.
        from posapp.ui.alarm import AlarmKeeper
        from posapp.ui.attention import AttentionKeeper
        from posapp.ui.away.keeper import AwayKeeper
        from posapp.ui.closing import ClosingGate
        from posapp.ui.editor_host import EditorHost
        from posapp.ui.firststart import FirstStart
        from posapp.ui.housekeeper import Housekeeper
        from posapp.ui.kitchen_shell import KitchenShell
        from posapp.ui.payment.keeper import PaymentKeeper
        from posapp.ui.people.keeper import PeopleKeeper
        from posapp.ui.print_keeper import PrintKeeper
        from posapp.ui.shell_parts import AlarmFrame
        from posapp.ui.shell_state import StateReader
        from posapp.ui.shift_keeper import ShiftKeeper
        from posapp.ui.sync_view import SyncView
        from posapp.ui.toasts import Toasts
        from posapp.ui.watch import WatchKeeper
        from posapp.ui.window_keys import WindowKeys

        self.ctx = ctx
        self.reader = StateReader(ctx, self)
        self.keeper = AlarmKeeper(ctx, self)
        AttentionKeeper(ctx, self.reader, self)
        self.watch = WatchKeeper(ctx, self.reader, self.keeper, self.warnings, self)
        self.toasts = Toasts(self.stack, key=self._undo_key())
        self.first_start = FirstStart(ctx, self, self.open_dialog)
        self.sync_view = SyncView(ctx, self, self.top.pill, self.reader)
        self.prints = PrintKeeper(ctx, self, self)
        self.payments = PaymentKeeper(ctx, self, self)
        ShiftKeeper(ctx, self, self)
        self.frame = AlarmFrame(self)
        self.editor = EditorHost(ctx, self, self)
        self.kitchen = KitchenShell(self, self)
        self.people = PeopleKeeper(ctx, self, self)
        Housekeeper(ctx, self)
        self.gate = ClosingGate(self, self)
        self.away = AwayKeeper(ctx, self, self)
        self._attached = True
        self._connect()
        self.keys = WindowKeys(self, self)
        self.open_screen(self._first)
        self._put_config(ctx.config)
        self._tick()

    # -- building --------------------------------------------------------------------------------------

    def _build(self, *, training: bool) -> None:
        self.rail = NavRail()
        for number, spec in enumerate(self._specs.values(), start=1):
            self.rail.add_screen(spec.key, spec.title, spec.icon).set_shortcut_hint(f"Ctrl+{number}")
        self.station = StationBadge()
        self.rail.add_foot(self.station)
        self.top = TopBar("")
        self.problems, self.warnings = ProblemBar(), WatchBar()
        self.stack = QStackedWidget()
        column = QVBoxLayout()
        column.setSpacing(0)
        if training:
            column.addWidget(TrainingBand())
        column.addWidget(self.top)
        column.addWidget(self.problems)
        column.addWidget(self.warnings)
        column.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)

    def _connect(self) -> None:
        ctx = self.ctx
        self.rail.chosen.connect(self.open_screen)
        self.reader.changed.connect(self._put_state)
        self.sync_view.opened.connect(lambda: self.open_screen(SYNC))
        self.keeper.shown.connect(self._show_alarm)
        self.keeper.framed.connect(self.frame.put)
        self.watch.settings_wanted.connect(self.open_settings)
        ctx.config_changed.connect(self._put_config)
        ctx.message.connect(self._show_message)
        ctx.problem.connect(self.show_problem)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    # -- screens ---------------------------------------------------------------------------------------

    @property
    def screen_key(self) -> str:
        """Return the key of the screen that is open."""
        return self._current

    @property
    def page(self) -> Page:
        """Return the screen that is open."""
        return self.editor.page or as_page(self._pages[self._current])

    def screen_keys(self) -> tuple[str, ...]:
        """Return the keys of all screens, in the order of the rail."""
        return tuple(self._specs)

    def open_screen(self, key: str) -> None:
        """Open a screen; it is made at its first use."""
        if key not in self._specs or (self._attached and self.editor.holds(lambda: self.open_screen(key))):
            return
        if not self._attached:
            self._first = key
        if key == self._current or not self._attached:
            return
        if self._current and key != SETTINGS and self.away.keeps_out(known=key in self._pages):
            return
        self.toasts.dismiss()
        if self._current:
            self.page.hidden()
        widget = self._pages.get(key) or self._make(key)
        self._current = key
        self.stack.setCurrentWidget(widget)
        self.rail.set_current(key)
        self._show_title(key)
        self.toasts.set_key(self._undo_key())
        self.kitchen.dress()
        self.page.shown()

    def open_settings(self, section: str) -> None:
        """Open the settings at a section."""
        self.open_screen(SETTINGS)
        cast("SettingsPage", self._pages[SETTINGS]).open_section(section)

    def enter_key(self, name: str) -> None:
        """Ask for a new key of a shop."""
        self.open_settings("connection")
        self.first_start.replace_key(name)

    def _make(self, key: str) -> QWidget:
        widget = self._specs[key].make(self.ctx)
        self._pages[key] = widget
        self.stack.addWidget(widget)
        from posapp.ui.screen_links import link_screen

        link_screen(self, key, widget)
        return widget

    def open_order(self, pk: int) -> None:
        """Open an order on the Orders screen, as a person who asked for it."""
        self.open_screen(ORDERS)
        cast("OrdersPage", self._pages[ORDERS]).select_order(pk, by_person=True)

    # -- what is shown ---------------------------------------------------------------------------------

    def _show_title(self, key: str) -> None:
        config = self._config
        shops = ", ".join(remote.name for remote in config.remotes)
        place = " · ".join(part for part in (shops, config.station) if part)
        self.top.show_title(self._specs[key].title, place)

    def show_counts(self, counts: Counts) -> None:
        """Show on the rail how many orders are new."""
        new = counts.by_status.get("created", 0) + counts.by_status.get("edited", 0)
        self.rail.button(ORDERS).set_badge(new)

    def _put_state(self, state: ShellState) -> None:
        self.show_counts(state.counts)
        needs = state.summary.all_attention + state.summary.quarantined
        self.rail.button(SYNC).set_badge(needs, alarming=True)
        self.rail.button(DELIVERY).set_badge(state.attention.late_out, alarming=True)
        self.keeper.put(state.alarm)

    def _put_config(self, config: Config) -> None:
        self._config = config
        self.people.show_foot()
        self.toasts.set_key(self._undo_key())
        self._show_title(self._current)
        self.reader.refresh()

    def _undo_key(self) -> str:
        # On the screen for new orders letters look for dishes.
        letters = self._current != NEW and self.ctx.config.get("look", "letter_keys")
        return "Z" if letters else "Ctrl+Z"

    def _tick(self) -> None:
        self._show_clock(self.ctx.clock())
        self.keeper.tick()
        self.sync_view.tick()

    def _show_clock(self, now: datetime) -> None:
        self.top.show_clock(f"{now.astimezone(self._config.zone):%H:%M}")

    def _show_alarm(self, alarm: object, now: object, silenced: bool) -> None:
        orders = self._pages.get(ORDERS)
        if orders is not None:
            cast("OrdersPage", orders).show_alarm(alarm, now, silenced)  # type: ignore[arg-type]

    def _show_message(self, text: str, undo: Callable[[], object] | None) -> None:
        anchor = self.page.toast_anchor()
        self.toasts.show(anchor if anchor.isVisible() else self.stack, text, undo)

    def show_problem(self, error: PosError) -> None:
        """Show an expected failure over the screen that is open."""
        if not self.away.takes(error):
            self.problems.show_problem(error)

    # -- what the keys do ------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back what the message offers, else the screen's last act."""
        tasks = self.ctx.tasks  # a cart is changed at once, not in the database
        (tasks.at_once if self._current == NEW else tasks.after_all)(self._undo, self)

    def _undo(self) -> None:
        if not self.toasts.undo():
            self.page.undo()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def show_keys(self) -> None:
        """Show the list of keys."""
        from posapp.ui.keymap_dialog import KeymapDialog

        self.open_dialog(KeymapDialog(self, letters=bool(self.ctx.config.get("look", "letter_keys"))))

    def locked_key(self, event: QKeyEvent) -> bool:
        """Take a key while the window is locked."""
        return self.people.locked and self.people.screen.take_key(event)

    def set_usable(self, *, usable: bool) -> None:
        """Let the window take keys and clicks, or nothing while it is locked."""
        for part in (self.rail, self.top, self.problems, self.warnings, self.stack):
            part.setEnabled(usable)
        self.frame.raise_()  # an alarm is seen on a locked window, too
        if usable:
            self.page.shown()

    def open_dialog(self, dialog: Dialog) -> None:
        """Open a dialog over the window without stopping the clock; it is deleted at its end."""
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def come_forward(self, screen: str = "") -> None:
        """Raise the window, because somebody started posapp again."""
        self.open_screen(screen)
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # A click on empty ground ends typing, so that the letters are keys again.
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            focus.clearFocus()
        super().mousePressEvent(event)

    @property
    def was_painted(self) -> bool:
        """Tell whether the window has been painted."""
        return self._painted

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def close_now(self) -> None:
        """Close without asking: the session ends, or the person agreed."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._attached and not self._may_close and self.editor.holds(self.close, keep=True):
            event.ignore()
            return
        if self._may_close or not self._attached or self.ctx.training or self.gate.lets_through():
            event.accept()
            self.closed.emit()
            return
        event.ignore()
