"""Reads the menu in a thread of its own: thousands of dishes must not hold up the window's other reads."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.domain.errors import PosError
from posapp.services.menu import Menu, read_menu
from posapp.services.publishing import Shop, shops_among
from posapp.storage.feed import Change, Topic
from posapp.ui.aside import Aside
from posapp.ui.context import Context

_GAP_MS = 250


def shops_of(ctx: Context) -> tuple[Shop, ...]:
    """Return the connected shops that take products."""
    config = ctx.config
    return shops_among(config.remotes, hide_sold_out=bool(config.get("sales", "hide_sold_out")))


class MenuReader(QObject):
    """`arrived(Menu)` follows each `refresh`; while `active`, each change of the catalogue too."""

    arrived = Signal(object)

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._aside = Aside(self)
        self._again = False
        self.active = False
        self._gap = QTimer(self)
        self._gap.setSingleShot(True)
        self._gap.setInterval(_GAP_MS)
        self._gap.timeout.connect(self._go_on)
        ctx.feed.changed.connect(self._changed)

    @property
    def resting(self) -> bool:
        """Tell whether nothing is being read, nor about to be."""
        return not (self._aside.busy or self._again or self._gap.isActive())

    def refresh(self) -> None:
        """Read soon."""
        if self._aside.busy or self._gap.isActive():
            self._again = True
            return
        store, shops = self._ctx.store, shops_of(self._ctx)

        def work() -> Menu | PosError:
            try:
                return read_menu(store, shops)
            except PosError as error:
                return error
            finally:
                store.close_thread()

        self._aside.run(work, self._read)

    def _read(self, found: Menu | PosError) -> None:
        self._gap.start()
        if isinstance(found, PosError):
            self._ctx.problem.emit(found)
        else:
            self.arrived.emit(found)

    def _go_on(self) -> None:
        if self._again:
            self._again = False
            self.refresh()

    def _changed(self, change: Change) -> None:
        if self.active and (Topic.CATALOGUE in change.topics or change.foreign):
            self.refresh()
