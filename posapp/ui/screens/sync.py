"""The Sync Center: how the shops stand, what waits, what needs a person, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.config import Config
from posapp.domain.errors import PosError
from posapp.services.conflict_case import ConflictCase
from posapp.storage.feed import Change, Topic
from posapp.storage.rows import QueueRow
from posapp.storage.sync_center import SyncState
from posapp.ui.context import Context
from posapp.ui.sync_center.acts import SyncActs
from posapp.ui.sync_center.cardfaces import faces
from posapp.ui.sync_center.cards import CardRow
from posapp.ui.sync_center.commands import SyncCommands
from posapp.ui.sync_center.entries import NEEDING, Entry, Kind, Moment, entries
from posapp.ui.sync_center.facts import Act
from posapp.ui.sync_center.keys import COMMITS, Key, key_of
from posapp.ui.sync_center.queuecard import QueueCard
from posapp.ui.sync_center.reader import SyncReader
from posapp.ui.sync_center.rightside import CUSTODY, RightSide
from posapp.ui.sync_center.troublebar import TroubleBar
from posapp.ui.sync_center.words import number_text
from posapp.ui.sync_words import ShopState, shop_states
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, smooth

_TOPICS = frozenset({Topic.QUEUE, Topic.REMOTES, Topic.QUARANTINE, Topic.CATALOGUE})
_MARGIN, _LEFT, _GUARD_MS, _RECHECK = 20, 452, 300, 10
_ACTS = {
    Key.RETRY: Act.RETRY,
    Key.EDIT: Act.EDIT,
    Key.OPEN: Act.OPEN,
    Key.DISCARD: Act.DISCARD,
    Key.COPY: Act.COPY,
}
_OF_CARDS = {
    "waiting": (Kind.SENDING, Kind.WAITING, Kind.PRODUCTS),
    "failed": (Kind.FAILED, Kind.PRODUCT),
    "conflicts": (Kind.CONFLICT,),
    "unread": (Kind.UNREAD,),
}


class SyncPage(Painted):
    """The screen; `order_wanted` asks to open an order, `key_wanted` names a shop without a key."""

    order_wanted = Signal(int)
    key_wanted = Signal(str)
    send_wanted = Signal()

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("syncPage")
        self.setAccessibleName(self.tr("Sync Center"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._ctx = ctx
        self._state: SyncState | None = None
        self._case: ConflictCase | None = None
        self._shops: tuple[ShopState, ...] = ()
        self._started = ctx.clock()
        self._is_shown, self._ticks = False, 0
        self.commands = SyncCommands(ctx, self)
        self.acts = SyncActs(ctx, self.commands, self)
        self._reader = SyncReader(ctx, self)
        self.cards, self.trouble = CardRow(), TroubleBar()
        self.queue, self.right = QueueCard(ctx), RightSide(ctx)
        self._guard = QTimer(self)
        self._guard.setSingleShot(True)
        self._guard.setInterval(_GUARD_MS)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        work = QHBoxLayout()
        work.setSpacing(12)
        work.addWidget(self.queue)
        work.addWidget(self.right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 14, _MARGIN, 16)
        column.setSpacing(12)
        column.addWidget(self.cards)
        column.addWidget(self.trouble)
        column.addLayout(work, 1)

    def _connect(self) -> None:
        right = self.right
        self._reader.arrived.connect(self._put)
        self._reader.case_read.connect(self._put_case)
        self._reader.failed.connect(self._failed)
        self.commands.done.connect(self._reader.refresh)
        self.commands.decided.connect(right.desk.forget)
        for wanted, mine in (
            (self.acts.order_wanted, self.order_wanted),
            (right.desk.open_wanted, self.order_wanted),
            (right.custody.order_wanted, self.order_wanted),
            (self.acts.key_wanted, self.key_wanted),
            (self.trouble.key_wanted, self.key_wanted),
            (self.acts.send_wanted, self.send_wanted),
            (self.trouble.send_wanted, self.send_wanted),
            (self.queue.send_wanted, self.send_wanted),
        ):
            wanted.connect(mine)
        self.cards.chosen.connect(self._choose_card)
        self.queue.view.picked.connect(self.choose)
        self.queue.custody_wanted.connect(self.show_custody)
        right.desk.applied.connect(self.commands.apply)
        right.desk.call_wanted.connect(self.acts.call)
        right.facts.acted.connect(lambda act: self._act(Act(act)))
        right.custody.judged.connect(lambda fine: self.queue.show_verdict(adds_up=fine))
        self._ctx.feed.changed.connect(self._heard)
        self._ctx.config_changed.connect(self._configured)

    # ------------------------------------------------------------------------------ what the window asks

    def shown(self) -> None:
        """Come to the front: read anew and let the times run."""
        self._is_shown = True
        self._clock.start()
        self.focus_search()
        self._reader.refresh()
        self.right.custody.refresh()

    def hidden(self) -> None:
        """Stop the clock while another screen is in front."""
        self._is_shown = False
        self._clock.stop()

    def toast_anchor(self) -> QWidget:
        """Return the widget over which messages appear."""
        return self.queue

    def focus_search(self) -> None:
        """Go to the list: there is nothing to search here."""
        # Before the first rows are there, the list is not: then the page waits for the keys.
        there = self.queue.view if self._state is not None else self
        there.setFocus(Qt.FocusReason.OtherFocusReason)

    def undo(self) -> None:
        """Take back the last decision."""
        self.commands.undo()

    def show_order(self, pk: int) -> None:
        """Choose what an order needs a person for."""
        self.choose(f"order:{pk}")

    # ------------------------------------------------------------------------------------------- reading

    def _heard(self, change: Change) -> None:
        if self._is_shown and (change.topics & _TOPICS or change.foreign):
            self._reader.refresh()

    def _configured(self, config: Config) -> None:
        self.queue.view.delegate.zone = config.zone
        if self._is_shown:
            self._reader.refresh()

    def _failed(self, error: PosError) -> None:
        if self._state is None:
            self.right.show_error(error)
        self._ctx.problem.emit(error)

    def _put(self, state: SyncState, case: ConflictCase | None) -> None:
        ctx, view = self._ctx, self.queue.view
        held = self.hasFocus()
        self._state, self._case = state, case
        chosen = view.current()
        place = self.queue.model.place_of(chosen.key) if chosen is not None else -1
        self._show_times()
        self.queue.show_entries(entries(state, Moment(ctx.clock(), ctx.zone, self._shops)))
        waiting = number_text(state.sending.count + state.waiting.count + state.summary.products_waiting)
        self.queue.count.setText(self.tr("%1 to send").replace("%1", waiting))
        if held:
            self.focus_search()
        if chosen is None:
            view.show_current("")
            self._go_first()
        elif not view.show_current(chosen.key):
            self._go_near(place)
        self._show_right()

    def _go_first(self) -> None:
        found = next((entry for entry in self.queue.model.rows if entry.kind in NEEDING), None)
        if found is not None and not self.right.other:
            self.choose(found.key)

    def _go_near(self, place: int) -> None:
        """Go on with what stands now where the chosen row was, if it needs a person, else with the first."""
        self._guard.start()
        at = self.queue.model.entry_at(place)
        if at is not None and at.kind in NEEDING:
            self.choose(at.key)
        else:
            self.queue.view.show_current("")
            self._go_first()

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks % _RECHECK == 0:
            self._reader.refresh()
        self._show_times()
        self.queue.view.viewport().update()

    def _show_times(self) -> None:
        state, ctx = self._state, self._ctx
        if state is None:
            return
        now, remotes = ctx.clock(), ctx.config.remotes
        self._shops = shop_states(remotes, state.summary.remotes, now, self._started)
        seconds = {remote.name: remote.poll_seconds for remote in remotes}
        self.cards.show_faces(faces(state, self._shops, seconds, now, ctx.zone))
        self.trouble.show_shops(self._shops, state.summary.all_waiting, now, ctx.zone)

    def _show_right(self) -> None:
        if self._state is not None:
            self.right.show_moment(self._state, self._shops, self.queue.view.current(), self._case)

    # ------------------------------------------------------------------------------------------ choosing

    def choose(self, key: str) -> None:
        """Choose a row of the list and show what it is about; the row that stands for more reads more."""
        if key.startswith("more:"):
            self._reader.more(key.removeprefix("more:"))
            return
        self._mark(key)

    def _mark(self, key: str) -> None:
        self.right.other = ""
        self.queue.view.show_current(key)
        self._read_along(self.queue.view.current())
        self._show_right()

    def _read_along(self, entry: Entry | None) -> None:
        """Have the conflict of the chosen row read with everything else from now on."""
        row = entry.content if entry is not None and entry.kind is Kind.CONFLICT else None
        order = row.order_pk if isinstance(row, QueueRow) else None
        if order != self._reader.order:
            self._case = None
            self._reader.follow(order)

    def _put_case(self, case: ConflictCase) -> None:
        self._case = case
        self._show_right()

    def show_custody(self) -> None:
        """Show the custody ledger, counted anew."""
        self._show_other(CUSTODY)
        self.right.custody.refresh()

    def _show_other(self, other: str) -> None:
        self.right.other = other
        self.queue.view.show_current("")
        self._show_right()

    def _choose_card(self, key: str) -> None:
        kinds = _OF_CARDS.get(key)
        if kinds is None:
            self._show_other(
                key if key != "last" else next((f"shop:{shop.name}" for shop in self._shops), "")
            )
            return
        found = next((entry for entry in self.queue.model.rows if entry.kind in kinds), None)
        if found is not None:
            self.choose(found.key)

    # --------------------------------------------------------------------------------------------- keys

    def _act(self, act: Act) -> None:
        facts = self.right.facts.facts
        if facts is not None:
            self.acts.do(act, self.queue.view.current(), facts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on a key that no field wants; tell whether it meant something here."""
        key = key_of(event, letters=bool(self._ctx.config.get("look", "letter_keys")))
        if key is None:
            return False
        self.queue.view.show_ring(on=True)
        if key not in COMMITS:
            return self._walk(key)
        if event.isAutoRepeat() or self._guard.isActive():
            return True
        return self._commit(key)

    def _walk(self, key: Key) -> bool:
        desk, view = self.right.desk, self.queue.view
        down = {Key.DOWN: 1, Key.UP: -1}.get(key, 0)
        across = {Key.RIGHT: 1, Key.LEFT: -1}.get(key, 0)
        if key in {Key.MINE, Key.THEIRS}:
            if self.right.on_desk and not self._guard.isActive():
                desk.choose_all(key.value)
            return self.right.on_desk
        if key is Key.BACK:
            self.right.other = ""
            view.setFocus(Qt.FocusReason.OtherFocusReason)
            if view.current() is None:
                self._go_first()
            self._show_right()
            return True
        if self.right.on_desk and desk.walk(down, across):
            return True
        if across:
            return across > 0 and self.right.on_desk and desk.enter()
        entry = view.step(down)
        if entry is not None:
            self._mark(entry.key)
        return True

    def _commit(self, key: Key) -> bool:
        right, entry = self.right, self.queue.view.current()
        if key is Key.APPLY:
            if right.on_desk:
                right.desk.apply()
        elif key is Key.ENTER:
            if right.on_desk:
                right.desk.enter()
            elif entry is not None and entry.kind is Kind.MORE:
                self.choose(entry.key)
        elif right.on_desk and key is Key.OPEN and right.desk.case is not None:
            self.order_wanted.emit(right.desk.case.pk)
        elif right.on_facts and right.facts.offers(_ACTS[key]):
            self._act(_ACTS[key])
        return True

    # ------------------------------------------------------------------------------------------- layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.queue.setFixedWidth(min(current_theme().px(_LEFT), self.width() * 2 // 5))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.fillRect(self.rect(), current_theme().palette.bg)
        painter.end()
