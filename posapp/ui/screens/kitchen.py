"""The Kitchen screen: the board with its head and rail, and what keys and fingers do on it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from posapp.config import Config
from posapp.domain.errors import DatabaseAwayError, PosError
from posapp.domain.kitchen import KitchenSetup, section_named
from posapp.ui.context import Context
from posapp.ui.kitchen.allday import AllDayCard
from posapp.ui.kitchen.board import KitchenBoard
from posapp.ui.kitchen.commands import KitchenCommands
from posapp.ui.kitchen.facts import View
from posapp.ui.kitchen.hands import KitchenHands
from posapp.ui.kitchen.head import Figures, KitchenHead
from posapp.ui.kitchen.lane import ScheduledCard, lane_rows
from posapp.ui.kitchen.plan import Plan, make_plan
from posapp.ui.kitchen.reader import KitchenReader
from posapp.ui.kitchen.recall import RecallPanel
from posapp.ui.kitchen.sizes import is_small
from posapp.ui.sound import Sound
from posapp.ui.theme import current_theme
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.emptystate import EmptyState

_TICK_MS = 1000
_RAIL, _RAIL_SMALL = 310, 244
_WALL_RAIL = 1.2


class KitchenPage(QWidget):
    """The screen; `alone` in a window of its own, where its section is its own affair, too."""

    window_wanted = Signal()
    full_screen_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None, *, alone: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("kitchenPage")
        self.setAccessibleName(self.tr("Kitchen"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ctx, self._alone = ctx, alone
        self._own_section: str | None = None
        self._struck: frozenset[int] | None = None
        self._plan: Plan | None = None
        self.reader = KitchenReader(ctx, self.setup, self)
        self.commands = KitchenCommands(ctx, self.setup, self)
        self._lay_out()
        self._hands = KitchenHands(self.board, self.scheduled, self.reader, self.commands, self.view)
        self._connect()
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._configured(ctx.config)

    def setup(self) -> KitchenSetup:
        """Return how the kitchen works, with the section of this board."""
        setup = self._ctx.config.kitchen
        if self._own_section is None:
            return setup
        return replace(setup, section=section_named(setup.sections, self._own_section))

    def view(self) -> View:
        """Return through which eyes the board is seen now."""
        return View(self._ctx.clock(), self._ctx.zone, self.setup(), self._ctx.config.targets)

    def _lay_out(self) -> None:
        self.head, self.board = KitchenHead(), KitchenBoard()
        self.head.show_alone(alone=self._alone)
        self.all_day, self.scheduled = AllDayCard(), ScheduledCard()
        self._old = Banner(BannerTone.DANGER)
        self._old.setObjectName("kitchenStale")
        self._old.set_action(self.tr("Try again"))
        self._old.hide()
        self._empty = EmptyState(
            "bowl-steam",
            self.tr("Nothing to cook"),
            self.tr("Accepted orders appear here by themselves."),
        )
        self._empty.setObjectName("kitchenEmpty")
        self._waiting = QWidget()
        self._rail = QWidget()
        cards = QVBoxLayout(self._rail)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.addWidget(self.all_day, 6)
        cards.addWidget(self.scheduled, 7)
        self._cards = cards
        places = QWidget()
        self._stack = QStackedLayout(places)
        for widget in (self._waiting, self.board, self._empty):
            self._stack.addWidget(widget)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._row.addWidget(places, 1)
        self._row.addWidget(self._rail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._old)
        column.addLayout(self._row, 1)
        self.panel = RecallPanel(self)

    def _connect(self) -> None:
        head, board = self.head, self.board
        self.reader.changed.connect(self._read)
        self.reader.failed.connect(self._failed)
        self._old.triggered.connect(self.reader.refresh)
        self.commands.undo_changed.connect(head.show_undo)
        self.commands.refused.connect(self._hands.refused)
        board.ticked.connect(self._hands.tick)
        board.stepped.connect(self._hands.step)
        board.selected_changed.connect(self._hands.selected)
        board.jumped.connect(self._hands.jumped)
        board.pressed.connect(self.panel.hide)
        self.scheduled.start_wanted.connect(self._hands.start_now)
        head.undo_wanted.connect(self.undo)
        head.recall_wanted.connect(self.toggle_recall)
        head.window_wanted.connect(self.window_wanted)
        head.full_screen_wanted.connect(self.full_screen_wanted)
        head.size_chosen.connect(lambda size: self._ctx.save_setting("kitchen", "size", size))
        head.section_chosen.connect(self._choose_section)
        self.panel.recalled.connect(lambda pk, code, again: self._hands.recall(pk, code, again=again))
        self._ctx.config_changed.connect(self._configured)
        self._ctx.theme.themeChanged.connect(self._restyle)

    # -- what the window asks ------------------------------------------------------------------------------

    def shown(self) -> None:
        """Come to the front: read what changed and let the times run."""
        self._clock.start()
        self.reader.refresh()
        self._tick()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def hidden(self) -> None:
        """Stop the clock while another screen is in front."""
        self._clock.stop()
        self.panel.hide()

    def focus_search(self) -> None:
        """Do nothing: a kitchen looks, it does not search."""

    def toast_anchor(self) -> QWidget:
        """Return where messages lie over nothing that a cook touches."""
        return self._rail

    def undo(self) -> None:
        """Take the last act of this board back."""
        self._hands.undo()

    # -- what is shown -------------------------------------------------------------------------------------

    def _read(self, changed: frozenset[int]) -> None:
        self._old.hide()
        self._hands.arrived(changed)
        self.commands.forget_gone(self.reader.tickets)
        self._show()
        self._hands.shown()
        self._sound_cancelled()

    def _sound_cancelled(self) -> None:
        """Say it aloud when an order is cancelled while it is made, here or as yet at the shop only.

        Once for each, and not for what was there at first.
        """
        shown = self._plan.shown if self._plan is not None else ()
        struck = frozenset(ticket.pk for ticket in shown if ticket.halted)
        if self._struck is not None and struck - self._struck and not self._alone:
            self._ctx.play(Sound.ERROR)
        self._struck = struck

    def _show(self) -> None:
        view, known = self.view(), self.reader.tickets
        self._plan = plan = make_plan(known.values(), view)
        self.board.show_tickets(known, [ticket.pk for ticket in plan.shown], view)
        self.head.show_recall(any_there=bool(self.reader.bumped))
        self.all_day.show_rows(list(plan.left))
        if self.reader.loaded:
            self._stack.setCurrentWidget(self.board if self.board.places else self._empty)
        if self.panel.isVisible():
            self.panel.show_orders(self.reader.bumped, view.zone)
        self._show_times(plan, view)

    def _show_times(self, plan: Plan, view: View) -> None:
        late = plan.late(view.now)
        self.head.figures.show_figures(Figures(plan.to_start, plan.cooking, late, self.reader.median))
        self.scheduled.show_rows(lane_rows(plan.waiting, view))
        self.board.tick(view)

    def _tick(self) -> None:
        now, plan = self._ctx.clock(), self._plan
        self.head.show_clock(f"{now.astimezone(self._ctx.zone):%H:%M}")
        if plan is None or not plan.holds(now) or self.board.owes_order:
            self._show()
        else:
            self._show_times(plan, self.view())

    def _failed(self, error: PosError) -> None:
        if isinstance(error, DatabaseAwayError) and not self._alone and self.reader.loaded:
            return  # the bar over every screen says it
        kept = self.tr("The board shows what was read last. Nothing that was saved is lost.")
        self._old.show_text(error.title, more=" ".join(part for part in (error.detail, kept) if part))
        self._old.show()

    def _configured(self, config: Config) -> None:
        del config
        self.head.show_setup(self.setup())
        self._measure()
        self.reader.refresh()
        self._show()

    def _restyle(self) -> None:
        self.board.restyle()
        self._measure()
        self._show()

    def _choose_section(self, name: str) -> None:
        if self._alone:
            self._own_section = name
            self._configured(self._ctx.config)
        else:
            self._ctx.save_setting("kitchen", "section", name)

    def _measure(self) -> None:
        theme = current_theme()
        small = is_small(theme, self.size())
        self.head.set_compact(compact=small)
        wall = self.setup().wall
        rail = _RAIL_SMALL if small else _RAIL
        self._rail.setFixedWidth(theme.px(round(rail * _WALL_RAIL) if wall else rail))
        for card in (self.all_day, self.scheduled):
            card.set_wall(wall=wall)
        margin, gap = (12, 12) if small else (20, 16)
        self._cards.setSpacing(gap)
        # The board has its own margin; the rail stands as far from its tiles as these from each other.
        self._rail.setContentsMargins(0, 0, 0, 0)
        self._row.setContentsMargins(0, 0, margin, 0)
        self._cards.setContentsMargins(0, margin, 0, margin)
        self.board.set_size(wall=wall, small=small)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
        if self.panel.isVisible():
            self._open_panel()

    # -- what people do ------------------------------------------------------------------------------------

    def toggle_recall(self) -> None:
        """Open the list of the last bumped orders, or close it."""
        self.board.heard()
        if self.panel.isVisible():
            self.panel.hide()
        elif self.reader.bumped:
            self.panel.show_orders(self.reader.bumped, self._ctx.zone)
            self._open_panel()

    def _open_panel(self) -> None:
        button = self.head.recall
        corner = button.mapTo(self, QPoint(button.width(), button.height() + 10))
        self.panel.open_at(corner, self.size())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.panel.hide()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on a key of the bump bar; tell whether it meant something here."""
        if event.key() == Qt.Key.Key_Escape and self.panel.isVisible():
            self.panel.hide()
            return True
        return self._hands.handle_key(event, letters=bool(self._ctx.config.get("look", "letter_keys")))
