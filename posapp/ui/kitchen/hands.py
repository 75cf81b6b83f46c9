"""What hands do at a board: keys and touches become acts, and none of them twice by accident."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QKeyEvent

from posapp.storage.kitchen_rows import Ticket, TicketItem
from posapp.ui.kitchen.board import KitchenBoard
from posapp.ui.kitchen.commands import KitchenCommands
from posapp.ui.kitchen.facts import NextStep, View, next_of, shown_items
from posapp.ui.kitchen.keys import MOVING, KitchenKey, kitchen_key, tile_number
from posapp.ui.kitchen.lane import ScheduledCard
from posapp.ui.kitchen.reader import KitchenReader
from posapp.ui.theme import current_theme

GUARD_MS = 300  # after an act, or when another tile takes the place under the hand
_SCROLL = 60


class KitchenHands:
    """Turns what a person touched into commands for the order that was meant.

    A footer that has only just changed under the finger does nothing, nor does one whose act is under way.
    """

    def __init__(
        self,
        board: KitchenBoard,
        scheduled: ScheduledCard,
        reader: KitchenReader,
        commands: KitchenCommands,
        view: Callable[[], View],
    ) -> None:
        self._board, self._scheduled = board, scheduled
        self._reader, self._commands, self._view = reader, commands, view
        self._busy: dict[int, tuple[int, int]] = {}  # acts under way: the state of the tile that was touched
        self._fresh: dict[int, QElapsedTimer] = {}  # tiles whose footer has only just changed
        self._awaited: int | None = None  # a bumped order that was asked back
        self._jumped = QElapsedTimer()  # since the keys mean another tile than the person chose
        self._acts: dict[KitchenKey, Callable[[], object]] = {
            KitchenKey.NEXT: self._next,
            KitchenKey.TICK: self._tick_next,
            KitchenKey.UNDO: self.undo,
            KitchenKey.RECALL: self._recall_last,
            KitchenKey.SCHEDULED: scheduled.step,
            KitchenKey.UNFOLD: self._unfold,
            KitchenKey.LEFT: lambda: self._go(-1),
            KitchenKey.RIGHT: lambda: self._go(1),
            KitchenKey.UP: lambda: self._walk(-1),
            KitchenKey.DOWN: lambda: self._walk(1),
        }

    # -- what happened -------------------------------------------------------------------------------------

    def arrived(self, changed: Iterable[int]) -> None:
        """Notice which acts show on the board by now; their tiles take nothing for another moment."""
        for pk in changed:
            ticket = self._reader.tickets.get(pk)
            if pk in self._busy and (ticket is None or ticket.state != self._busy[pk]):
                del self._busy[pk]
                self._fresh = {each: since for each, since in self._fresh.items() if _recent(since)}
                self._fresh[pk] = _started()

    def refused(self, pk: int) -> None:
        """Let an order be acted on again whose last act was not possible."""
        self._busy.pop(pk, None)
        self._awaited = None

    def shown(self) -> None:
        """Choose the order that was asked back once it stands on the board; it takes no key for a moment."""
        pk = self._awaited
        if pk is not None and pk in self._board.order:
            self._awaited = None
            self._board.select(pk, show=True)
            self._fresh[pk] = _started()

    def recall(self, pk: int, code: str, *, again: bool = False) -> None:
        """Ask a bumped order back."""
        self._awaited = pk
        self._commands.recall(pk, code, again=again)

    def selected(self, pk: int | None) -> None:
        """Notice that another tile is the chosen one."""
        if pk is not None:
            self._scheduled.choose(None)

    def jumped(self) -> None:
        """Notice that another tile became the chosen one by itself."""
        self._jumped.start()

    # -- acts ----------------------------------------------------------------------------------------------

    def tick(self, pk: int, item: TicketItem) -> None:
        """Tick an item, or open it again."""
        ticket = self._reader.tickets.get(pk)
        self._board.select(pk)
        if ticket is not None and not ticket.halted:
            self._commands.tick(ticket, item)

    def step(self, pk: int) -> None:
        """Do what the footer of a tile says."""
        ticket = self._reader.tickets.get(pk)
        if ticket is None or pk in self._busy or _recent(self._fresh.get(pk)):
            return
        if next_of(ticket) is NextStep.WAIT:
            return
        self._busy[pk] = ticket.state
        match next_of(ticket):
            case NextStep.START:
                self._board.select(pk)
                self._commands.start(ticket)
            case NextStep.READY | NextStep.TAKE_OFF:
                self._commands.bump(ticket)
            case NextStep.SEE:
                self._board.select(pk)
                self._commands.see_edits(ticket)

    def start_now(self, pk: int) -> None:
        """Start a scheduled order before its time."""
        ticket = self._reader.tickets.get(pk)
        if ticket is not None:
            self._commands.start_now(ticket)

    def undo(self) -> None:
        """Take the last act of this board back."""
        self._board.heard()
        self._commands.undo()

    # -- keys ----------------------------------------------------------------------------------------------

    def handle_key(self, event: QKeyEvent, *, letters: bool) -> bool:
        """Act on a key of the bump bar; tell whether it meant something here."""
        number = tile_number(event)
        key = None if number else kitchen_key(event, letters=letters)
        if not number and key is None:
            return False
        self._board.heard()
        if event.isAutoRepeat() and key not in MOVING:
            return True
        if number:
            self._choose(self._board.pk_of_key(number))
            return True
        if key is KitchenKey.BACK:
            return self._back()
        if key is not None:
            self._acts[key]()
        return True

    def _choose(self, pk: int | None) -> None:
        if pk is not None:
            self._board.select(pk)
            self._jumped.invalidate()  # whoever names a tile means it

    def _go(self, by: int) -> None:
        self._board.step(by, 0)
        self._jumped.invalidate()

    def _next(self) -> None:
        if self._scheduled.chosen is not None:
            self._scheduled.start_chosen()
        elif self._board.selected is None:
            self._board.step(0, 0)
        elif not _recent(self._jumped):
            self.step(self._board.selected)

    def _chosen(self) -> Ticket | None:
        pk = self._board.selected
        return self._reader.tickets.get(pk) if pk is not None else None

    def _tick_next(self) -> None:
        """Tick the item that the arrows chose, else the first one that is open."""
        ticket = self._chosen()
        if ticket is None:
            self._board.step(0, 0)
            return
        tile, view = self._board.tile_of(ticket.pk), self._view()
        section = view.section.name
        waiting = (item for item in shown_items(ticket, view) if not item.removed and not item.done(section))
        item = (tile.row_item() if tile is not None else None) or next(waiting, None)
        if item is not None and not item.removed:
            self.tick(ticket.pk, item)

    def _walk(self, by: int) -> None:
        tile = self._board.tile_of(self._board.selected)
        if tile is None:
            self._board.step(0, 0)
        elif tile.can_scroll():
            tile.scroll_by(by * current_theme().px(_SCROLL))
        else:
            tile.move_row(by)

    def _unfold(self) -> None:
        if self._board.selected is not None:
            self._board.unfold(self._board.selected)

    def _recall_last(self) -> None:
        if self._reader.bumped:
            last = self._reader.bumped[0]
            self.recall(last.pk, last.code)

    def _back(self) -> bool:
        if self._board.fold():
            return True
        if self._scheduled.chosen is not None:
            self._scheduled.choose(None)
            return True
        if self._board.selected is not None:
            self._board.select(None)
            return True
        return False


def _started() -> QElapsedTimer:
    timer = QElapsedTimer()
    timer.start()
    return timer


def _recent(since: QElapsedTimer | None) -> bool:
    return since is not None and since.isValid() and since.elapsed() < GUARD_MS
