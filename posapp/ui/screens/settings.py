"""The settings screen: sections on the left, their cards on the right, everything saved at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from posapp.config import Config
from posapp.config_fields import Value
from posapp.domain.errors import PosError
from posapp.ui.context import Context
from posapp.ui.screens.settings_foot import SavedFoot
from posapp.ui.screens.settings_list import SectionList
from posapp.ui.settings.about import AboutSection
from posapp.ui.settings.alerts import AlertsSection
from posapp.ui.settings.backup import BackupSection
from posapp.ui.settings.connection import ConnectionSection
from posapp.ui.settings.kitchen import KitchenSection
from posapp.ui.settings.look import LookSection
from posapp.ui.settings.menu import MenuSection
from posapp.ui.settings.orders import OrdersSection
from posapp.ui.settings.people import PeopleSection
from posapp.ui.settings.printers import PrintersSection
from posapp.ui.settings.privacy import PrivacySection
from posapp.ui.settings.sales import SalesSection
from posapp.ui.settings.section import Section
from posapp.ui.settings.station import StationSection
from posapp.ui.widgets.area import plain_area

_REMEMBERED = 50


# Saves something and returns all settings.
_Act = Callable[[], Config]


class SettingsPage(QWidget):
    """What can be set on this PC; `connect_requested` asks for the dialog that connects a shop."""

    connect_requested = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingsPage")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._ctx = ctx
        self._saved: list[_Act] = []  # each takes a change back
        self._sections: dict[str, Section] = {}
        self.list = SectionList()
        self.stack = QStackedWidget()
        self.foot = SavedFoot()
        self._lay_out()
        for section in (
            ConnectionSection(ctx),
            StationSection(ctx),
            PeopleSection(ctx),
            AlertsSection(ctx),
            OrdersSection(ctx),
            MenuSection(ctx),
            SalesSection(ctx),
            PrintersSection(ctx),
            KitchenSection(ctx),
            BackupSection(ctx),
            PrivacySection(ctx),
            LookSection(ctx),
            AboutSection(ctx),
        ):
            self._add(section)
        self.list.chosen.connect(self.open_section)
        self.list.searched.connect(self._search)
        self.foot.undo_wanted.connect(self.undo)
        ctx.config_changed.connect(self._put_config)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._connection.tick)
        self.open_section(self._connection.key)

    @property
    def _connection(self) -> ConnectionSection:
        return cast(ConnectionSection, self._sections["connection"])

    def _lay_out(self) -> None:
        upper = QHBoxLayout()
        upper.setContentsMargins(20, 14, 20, 8)
        upper.setSpacing(20)
        upper.addWidget(self.list)
        upper.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, 1)
        column.addWidget(self.foot)

    def _add(self, section: Section) -> None:
        area = plain_area(section)
        area.setObjectName(f"settings_{section.key}")
        self._sections[section.key] = section
        self.stack.addWidget(area)
        self.list.add(section.key, section.title, section.icon)
        section.save_wanted.connect(self._save)
        section.act_wanted.connect(self._act)
        section.summary_changed.connect(lambda: self.list.show_summary(section.key, section.summary()))
        if isinstance(section, ConnectionSection):
            section.connect_wanted.connect(self.connect_requested)
        section.put_config(self._ctx.config)
        self.list.show_summary(section.key, section.summary())

    # -- what the window asks of a page ----------------------------------------------------------------

    def shown(self) -> None:
        """Start the clock that shows ages; the focus waits here, so that letters are keys and not text."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._clock.start()
        self._sections[self.list.current].shown()

    def hidden(self) -> None:
        """Stop the clock."""
        self._clock.stop()

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.list.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.search.selectAll()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Move through the sections with the arrows, unless a list has them."""
        if event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return False
        if isinstance(QApplication.focusWidget(), QAbstractItemView):
            return False
        self.list.step(1 if event.key() == Qt.Key.Key_Down else -1)
        return True

    def toast_anchor(self) -> QWidget:
        """Return where messages appear."""
        return self.stack

    def undo(self) -> None:
        """Take the last change back."""
        if not self._saved:
            return
        self._ctx.tasks.run(self._saved.pop(), self._undone, owner=self)

    # -- sections --------------------------------------------------------------------------------------

    def open_section(self, key: str) -> None:
        """Show a section."""
        if key not in self._sections:
            return
        self.list.select(key)
        self.stack.setCurrentIndex(list(self._sections).index(key))
        self._sections[key].shown()

    def section(self, key: str) -> Section:
        """Return a section."""
        return self._sections[key]

    def _search(self, text: str) -> None:
        found = [key for key, section in self._sections.items() if section.matches(text)]
        self.list.show_only(found)
        if found and self.list.current not in found:
            self.open_section(found[0])

    # -- saving ----------------------------------------------------------------------------------------

    def _save(self, section: str, key: str, value: Value, failed: object) -> None:
        before, doors = self._ctx.config.get(section, key), self._ctx.doors
        self._act(
            lambda: doors.save_setting(section, key, value),
            lambda: doors.save_setting(section, key, before),
            failed,
        )

    def _act(self, act: _Act, back: _Act, failed: object) -> None:
        def done(config: Config) -> None:
            self._saved = [*self._saved, back][-_REMEMBERED:]
            self._ctx.put_config(config)
            self._show_saved()

        def refused(error: PosError) -> None:
            if callable(failed):
                failed(error)

        self._ctx.tasks.run(act, done, failed=refused, owner=self)

    def _undone(self, config: Config) -> None:
        self._ctx.put_config(config)
        self._show_saved()

    def _show_saved(self) -> None:
        now = self._ctx.clock().astimezone(self._ctx.zone)
        self.foot.show_saved(f"{now:%H:%M}", can_undo=bool(self._saved))

    def _put_config(self, config: Config) -> None:
        for key, section in self._sections.items():
            section.put_config(config)
            self.list.show_summary(key, section.summary())
        self.foot.set_key("Z" if config.get("look", "letter_keys") else "Ctrl+Z")
