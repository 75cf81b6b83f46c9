"""Several orders at once on the Orders screen: how they are ticked by mouse, keys and finger, and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QTouchEvent

from posapp.domain.tickets import TicketKind
from posapp.services.together import Act as Done
from posapp.storage.dispatch import CourierRow, couriers
from posapp.storage.feed import Change, Topic
from posapp.ui.bulkcommands import BulkCommands
from posapp.ui.context import Context
from posapp.ui.detail.panel import OrderPanel
from posapp.ui.keys import is_ctrl
from posapp.ui.screens.orders_bulkbar import OrdersBulkBar
from posapp.ui.screens.orders_desk import OrderDesk
from posapp.ui.screens.orders_keys import GUARDED, Act
from posapp.ui.screens.orders_list import OrdersColumn
from posapp.ui.screens.orders_marks import OrderMarks

if TYPE_CHECKING:
    from posapp.services.printing_many import PrintAct

_LONG_MS = 500
_STILL_PX = 12
_REMEMBERED = 20
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class OrdersBulk(QObject):
    """Ticks rows beside the one that is open; ticking opens nothing and takes notice of nothing."""

    def __init__(self, ctx: Context, column: OrdersColumn, panel: OrderPanel, desk: OrderDesk) -> None:
        super().__init__(desk)
        self._ctx, self._column, self._panel, self._desk = ctx, column, panel, desk
        self.marks = OrderMarks(column.model, self)
        self.commands = BulkCommands(ctx, self)
        self.bar = OrdersBulkBar()
        self._couriers: tuple[CourierRow, ...] = ()
        self._opened: int | None = None
        self._by_touch = False
        self._pressed: int | None = None  # a row under a finger or a button that this takes for itself
        self._touched = QPoint()
        self._acts: list[int | Done | PrintAct] = []
        self._long = QTimer(self)
        self._long.setSingleShot(True)
        self._long.setInterval(_LONG_MS)
        self._connect()

    def _connect(self) -> None:
        layout = self._column.layout()
        if layout is not None:
            layout.addWidget(self.bar)
        self._column.view.delegate.set_marked(self.marks.has, lambda: bool(self.marks))
        self._column.view.viewport().installEventFilter(self)
        self.marks.changed.connect(self._show)
        self.bar.next_wanted.connect(self.next_step)
        self.bar.courier_chosen.connect(self._assign)
        self.bar.print_chosen.connect(self._print)
        self.bar.clear_wanted.connect(self.clear)
        self._ctx.config_changed.connect(self.bar.show_printers)
        self.bar.show_printers(self._ctx.config)
        self.commands.acted.connect(self._note)
        self._desk.commands.acted.connect(self._note)
        self._desk.opened.connect(self._note_opened)
        self._column.model.dataChanged.connect(self._follow)
        self._long.timeout.connect(self._held)
        self._ctx.feed.changed.connect(self._heard)

    # ------------------------------------------------------------------------------------ what is shown

    def _show(self) -> None:
        rows = self.marks.rows
        if rows and self.bar.isHidden():
            self._read_couriers()
        if not rows:
            self._by_touch = False
        self.bar.show_rows(rows, self._couriers)
        # One thing at a time: what the foot of the detail offers is for one order.
        self._panel.footer.setEnabled(not rows)
        self._panel.footer.show_enter(acts=not rows)
        self._column.view.viewport().update()

    def _follow(self) -> None:
        if self.marks:
            self.bar.show_rows(self.marks.rows, self._couriers)

    def _read_couriers(self) -> None:
        store = self._ctx.store

        def done(found: tuple[CourierRow, ...]) -> None:
            self._couriers = found
            self._follow()

        self._ctx.tasks.run(lambda: couriers(store), done, owner=self)

    def _heard(self, change: Change) -> None:
        if self.marks and (Topic.COURIERS in change.topics or change.foreign):
            self._read_couriers()

    def _note_opened(self, pk: int) -> None:
        self._opened = pk

    # ---------------------------------------------------------------------------------------------- acts

    def next_step(self) -> None:
        """Give every ticked order its next status."""
        rows = self.marks.rows
        if rows:
            self._finish()
            self.commands.next_step(rows)

    def _assign(self, courier: CourierRow) -> None:
        rows = self.marks.rows
        if rows:
            self._finish()
            self.commands.assign(rows, courier)

    def _print(self, kind: TicketKind) -> None:
        rows = self.marks.rows
        if rows:
            self._finish()
            self.commands.print_later(rows, kind)

    def _finish(self) -> None:
        self._desk.guard()
        self.marks.clear()

    def clear(self) -> None:
        """Tick none."""
        self.marks.clear()

    def _note(self, act: int | Done | PrintAct) -> None:
        # An order's own acts are one entry, as the commands remember them.
        others = [known for known in self._acts if not (isinstance(act, int) and known == act)]
        self._acts = [*others, act][-_REMEMBERED:]

    def undo(self) -> bool:
        """Take back the last act if it was one on several orders; tell whether it was."""
        while self._acts:
            last = self._acts[-1]
            if isinstance(last, int):
                if self._desk.commands.remembers(last):
                    return False
                self._acts.pop()
                continue
            self._acts.pop()
            if self.commands.can_undo(last):
                self.commands.undo(last)
                return True
        return False

    # ---------------------------------------------------------------------------------------------- keys

    def handle_key(self, event: QKeyEvent) -> bool:
        """Act on a key that ticks rows; tell whether it meant something here."""
        if is_ctrl(event, "A"):
            self.marks.all()
            return True
        if event.modifiers() == _SHIFT and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.marks.step(1 if event.key() == Qt.Key.Key_Down else -1, self._desk.selected)
            self._scroll_to(self.marks.end)
            return True
        return False

    def handle_act(self, act: Act) -> bool:
        """Take an act that means the ticked orders, or ends the ticking; tell whether it was one."""
        if not self.marks:
            return False
        if act is Act.NEXT:
            self.next_step()
        elif act is Act.BACK:
            self.clear()
        elif act is Act.PRINT:
            if not self.bar.open_prints():
                self._ctx.message.emit(self.tr("No printer is set up"), None)
        elif act in GUARDED:
            self._ctx.message.emit(self.tr("This works for one order at a time"), None)
        else:
            if act not in (Act.UNDO, Act.SILENCE, Act.SEARCH):
                self.clear()
            return False
        return True

    def _scroll_to(self, pk: int | None) -> None:
        place = self._column.model.place_of(pk)
        if place >= 0:
            self._column.view.scrollTo(self._column.model.index(place))

    # ------------------------------------------------------------------------------------ mouse and touch

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                return self._press(cast(QMouseEvent, event))
            case QEvent.Type.MouseButtonRelease:
                return self._release(cast(QMouseEvent, event))
            case QEvent.Type.TouchBegin | QEvent.Type.TouchUpdate:
                self._touch(cast(QTouchEvent, event), begins=event.type() == QEvent.Type.TouchBegin)
            case QEvent.Type.TouchEnd | QEvent.Type.TouchCancel:
                self._long.stop()
            case QEvent.Type.ContextMenu if self._by_touch:
                return True
            case _:
                pass
        return super().eventFilter(watched, event)

    def _row_at(self, point: QPoint) -> int | None:
        row = self._column.model.row_at(self._column.view.indexAt(point).row())
        return row.pk if row is not None else None

    def _press(self, event: QMouseEvent) -> bool:
        pk = self._row_at(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or pk is None:
            return False
        held = event.modifiers() & (_CTRL | _SHIFT)
        if held & _SHIFT:
            self.marks.stretch(pk, self._desk.selected)
        elif held & _CTRL:
            self._toggle(pk)
        elif not (self.marks and self._by_touch):
            self.marks.clear()
            self._pressed = None
            return False
        elif self._pressed is None:
            self._pressed = pk
        return True

    def _toggle(self, pk: int) -> None:
        """Tick or untick; the first tick takes along what the person has open."""
        opened = self._desk.selected
        if not self.marks and opened is not None and opened == self._opened and opened != pk:
            self.marks.add(opened)
        self.marks.toggle(pk)

    def _release(self, event: QMouseEvent) -> bool:
        self._long.stop()
        pressed, self._pressed = self._pressed, None
        if not (self.marks and self._by_touch) or pressed is None:
            return False
        if pressed >= 0 and pressed == self._row_at(event.position().toPoint()):
            self.marks.toggle(pressed)
        return True

    def _touch(self, event: QTouchEvent, *, begins: bool) -> None:
        point = event.points()[0].position().toPoint() if event.points() else QPoint()
        if begins:
            # Of two taps close after each other Qt tells the second one's release only.
            self._touched, self._pressed = point, self._row_at(point) if self._by_touch else None
            self._long.start()
        elif (point - self._touched).manhattanLength() > _STILL_PX:
            self._long.stop()

    def _held(self) -> None:
        """Begin to tick with the row under the resting finger."""
        pk = self._row_at(self._touched)
        if pk is None or self._by_touch:
            return
        self._by_touch = True
        self._pressed = -1  # lifting this finger is no tap
        self.marks.add(pk)
