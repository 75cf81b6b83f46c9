"""The head of the kitchen board: its section, the figures, undo and recall, sync and the time."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from posapp.domain.kitchen import KitchenSetup
from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.kitchen.facts import timer_text
from posapp.ui.kitchen.sizes import TARGET
from posapp.ui.kitchen.textflow import shortened
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Surface
from posapp.ui.widgets.paintkit import Painted, draw_text, smooth
from posapp.ui.widgets.syncpill import SyncPill
from posapp.ui.widgets.text import PlainLabel

_ICON, _NUMBER, _WORD, _GAP, _APART = 26, 28, 17, 8, 28
_ALWAYS = 3  # figures that are always shown
_SECTION, _CODE = 150, 96


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the board; the median in seconds, None before the first order is ready."""

    to_start: int = 0
    cooking: int = 0
    late: int = 0
    median: int | None = None


@dataclass(frozen=True, slots=True)
class _Figure:
    icon: str
    tone: str  # a status, or a colour of the palette
    number: str
    word: str


class FiguresRow(Painted):
    """Icon, number and word of each figure; the words go where there is no room for them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: tuple[_Figure, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.show_figures(Figures())

    def show_figures(self, figures: Figures) -> None:
        """Show other figures."""
        shown: tuple[_Figure, ...] = (
            _Figure("check-circle-fill", "accepted", str(figures.to_start), self.tr("to start")),
            _Figure("fire-fill", "cooking", str(figures.cooking), self.tr("cooking")),
            _Figure("warning-octagon-fill", "danger", str(figures.late), self.tr("late")),
        )
        if figures.median is not None:
            shown += (_Figure("timer-fill", "timing", timer_text(figures.median), self.tr("median")),)
        if shown != self._figures:
            self._figures = shown
            self.setAccessibleName(", ".join(f"{each.number} {each.word}" for each in shown))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._width(words=True), current_theme().px(_NUMBER) + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least(), current_theme().px(_NUMBER) + 12)

    def clipped_texts(self) -> list[str]:
        """Return the numbers for which there is no room."""
        return [each.number for each in self._figures] if self.width() < self._least() else []

    def _least(self) -> int:
        """Return the room for the numbers; the median may be missing where it is narrow."""
        theme = current_theme()
        return sum(self._width_of(each, theme, words=False) for each in self._figures[:_ALWAYS])

    def _width(self, *, words: bool) -> int:
        theme = current_theme()
        return sum(self._width_of(each, theme, words=words) for each in self._figures)

    @staticmethod
    def _width_of(each: _Figure, theme: Theme, *, words: bool) -> int:
        width = theme.px(_ICON) + _GAP + fonts.text_width(each.number, theme.px(_NUMBER), fonts.BOLD) + 2
        if words:
            width += _GAP + fonts.text_width(each.word, theme.px(_WORD), fonts.MEDIUM) + 2
        return width + (_APART if words else _APART // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        words = self.width() >= self._width(words=True)
        painter = smooth(self)
        left, icon = 0, theme.px(_ICON)
        for each in self._figures:
            if left + self._width_of(each, theme, words=False) - _APART // 2 > self.width():
                break
            look = theme.status.get(each.tone)
            colour = look.solid if look is not None else theme.palette.by_name(each.tone)
            top = (self.height() - icon) // 2
            paint_icon(painter, QRect(left, top, icon, icon), each.icon, colour)
            at = left + icon + _GAP
            px = theme.px(_NUMBER)
            width = fonts.text_width(each.number, px, fonts.BOLD) + 2
            painter.setFont(fonts.font(px, fonts.BOLD))
            left_edge = Qt.AlignmentFlag.AlignLeft
            draw_text(painter, QRect(at, 0, width, self.height()), each.number, left_edge, theme.palette.text)
            if words:
                painter.setFont(theme.font(_WORD, fonts.MEDIUM))
                room = QRect(at + width + _GAP, 0, 400, self.height() + 3)
                draw_text(painter, room, each.word, left_edge, theme.palette.text2)
            left += self._width_of(each, theme, words=words)
        painter.end()


class KitchenHead(Surface):
    """The bar over the board."""

    undo_wanted = Signal()
    recall_wanted = Signal()
    window_wanted = Signal()
    full_screen_wanted = Signal()
    size_chosen = Signal(str)
    section_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, line="bottom")
        self.setObjectName("kitchenHead")
        self._setup = KitchenSetup()
        self._alone = self._compact = False
        self._code = ""
        self._title = PlainLabel(self.tr("Kitchen"), px=24, weight=fonts.BOLD)
        self.section = Button("", look=ButtonLook.QUIET, icon="caret-down-bold", height=TARGET, px=16)
        self.section.setObjectName("kitchenSectionButton")
        self.figures = FiguresRow()
        self.undo = Button(
            "", look=ButtonLook.SECONDARY, icon="arrow-counter-clockwise-bold", height=TARGET, px=18
        )
        self.undo.setObjectName("kitchenUndoButton")
        self.recall = Button("", look=ButtonLook.SECONDARY, icon="clock-clockwise-bold", height=TARGET, px=18)
        self.recall.setObjectName("kitchenRecallButton")
        self.menu_button = Button("", look=ButtonLook.QUIET, icon="dots-three-bold", height=TARGET)
        self.menu_button.setObjectName("kitchenMenuButton")
        self.menu_button.setAccessibleName(self.tr("More of the kitchen"))
        self.pill = SyncPill()
        self.pill.setObjectName("kitchenSyncPill")
        self._clock = PlainLabel("", px=28, weight=fonts.BOLD)
        self._lay_out()
        self.section.clicked.connect(self._open_sections)
        self.menu_button.clicked.connect(self._open_menu)
        self.undo.clicked.connect(self.undo_wanted)
        self.recall.clicked.connect(self.recall_wanted)
        self.undo.set_key("U")
        self.recall.setText(self.tr("Recall"))
        self.recall.set_key("R")
        self.show_undo("")
        self.show_recall(any_there=False)
        self.show_setup(self._setup)

    def _lay_out(self) -> None:
        row = self._places = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 16, 7)
        row.setSpacing(12)
        row.addWidget(self._title)
        row.addWidget(self.section)
        row.addWidget(self.figures, 1)
        row.addWidget(self.undo)
        row.addWidget(self.recall)
        row.addWidget(self.menu_button)
        row.addWidget(self.pill)
        row.addWidget(self._clock)

    # -- what is shown -------------------------------------------------------------------------------------

    def show_setup(self, setup: KitchenSetup) -> None:
        """Show which section the board is for."""
        self._setup = setup
        self.section.setVisible(bool(setup.sections))
        self._title.setVisible(not (self._compact and setup.sections))
        name = setup.section.name or self.tr("Whole kitchen")
        theme = current_theme()
        self.section.setText(shortened(name, theme.px(16), fonts.SEMIBOLD, theme.px(_SECTION)))
        self.section.setAccessibleName(self.tr("This board shows: %1").replace("%1", name))

    def show_alone(self, *, alone: bool) -> None:
        """Show the board as a window of its own, which offers no second one."""
        self._alone = alone

    def set_compact(self, *, compact: bool) -> None:
        """Leave away what a small screen has no room for: the keys, and the title beside a section."""
        if compact != self._compact:
            self._compact = compact
            self.undo.set_key("" if compact else "U")
            self.recall.set_key("" if compact else "R")
            self._places.setSpacing(6 if compact else 12)
            self.show_setup(self._setup)
            self.show_undo(self._code)

    def show_undo(self, code: str) -> None:
        """Show which order the next undo concerns."""
        self._code = code
        name = f"#{code}" if code.isdigit() else code
        theme = current_theme()
        shown = "" if self._compact else shortened(name, theme.px(18), fonts.SEMIBOLD, theme.px(_CODE))
        self.undo.setText(self.tr("Undo %1").replace("%1", shown).rstrip())
        self.undo.setAccessibleName(self.tr("Undo %1").replace("%1", name).rstrip())
        self.undo.setEnabled(bool(code))

    def show_recall(self, *, any_there: bool) -> None:
        """Offer to recall, if there is anything."""
        self.recall.setEnabled(any_there)

    def show_clock(self, text: str) -> None:
        """Show the time of day."""
        self._clock.setText(text)

    # -- menus ---------------------------------------------------------------------------------------------

    def _open_sections(self) -> None:
        menu = self._menu()
        group = QActionGroup(menu)
        for name in ("", *(section.name for section in self._setup.sections)):
            action = self._add(
                menu, name or self.tr("Whole kitchen"), lambda name=name: self.section_chosen.emit(name)
            )
            action.setCheckable(True)
            action.setChecked(name == self._setup.section.name)
            group.addAction(action)
        menu.popup(self.section.mapToGlobal(QPoint(0, self.section.height())))

    def _open_menu(self) -> None:
        menu = self._menu()
        if not self._alone:
            action = self._add(menu, self.tr("Open on another screen"), self.window_wanted.emit)
            action.setObjectName("kitchenWindowAction")
        full = self.window().isFullScreen()
        words = self.tr("Leave full screen") if full else self.tr("Full screen")
        self._add(menu, words, self.full_screen_wanted.emit)
        menu.addSeparator()
        group = QActionGroup(menu)
        for size, word in (
            ("bench", self.tr("Bench: read from 1 m")),
            ("wall", self.tr("Wall: read from 2 m")),
        ):
            action = self._add(menu, word, lambda size=size: self.size_chosen.emit(size))
            action.setCheckable(True)
            action.setChecked(self._setup.wall == (size == "wall"))
            group.addAction(action)
        menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height())))

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("kitchenMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setFont(current_theme().font(18))
        # A finger needs more than the mouse.
        menu.setStyleSheet(f"QMenu::item {{ padding: {(TARGET - 26) // 2}px 32px; }}")
        return menu

    @staticmethod
    def _add(menu: QMenu, text: str, act: object) -> QAction:
        action = QAction(text.replace("&", "&&"), menu)
        action.triggered.connect(lambda _checked=False: act())  # type: ignore[operator]
        menu.addAction(action)
        return action
