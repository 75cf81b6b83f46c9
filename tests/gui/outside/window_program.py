"""The real window as a program of its own, which tells where things are; all acts come from outside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSocketNotifier
from PySide6.QtWidgets import QApplication, QWidget

from posapp.app import App, build
from posapp.domain.timing import Targets
from posapp.secrets import SecretStore
from posapp.storage.details import order_detail
from posapp.ui.screens.kitchen import KitchenPage
from posapp.ui.screens.orders_view import OrdersView


class Guide:
    """Answers one question per line: where something is, or how the things stand."""

    def __init__(self, app: App) -> None:
        self._app = app

    def answer(self, question: str) -> str:
        """Return the answer: words, or a point as "x y"."""
        what, _, name = question.partition(" ")
        answers: dict[str, Callable[[], object]] = {
            "where": lambda: self._middle(self._app.window.findChild(QWidget, name)),
            "rail": lambda: self._middle(self._app.window.rail.button(name)),
            "row": lambda: self._row(int(name)),
            "tile": lambda: self._tile(int(name)),
            "foot": lambda: self._foot(int(name)),
            "status": lambda: self._status(int(name)),
            "screen": lambda: self._app.window.screen_key,
            "chosen": lambda: self._kitchen().board.selected or "",
            "bumped": lambda: int(name) in {order.pk for order in self._kitchen().reader.bumped},
            "focus": self._focus,
        }
        return str(answers[what]())

    @staticmethod
    def _focus() -> str:
        focus = QApplication.focusWidget()
        return focus.objectName() if focus is not None else ""

    def _status(self, pk: int) -> str:
        found = order_detail(self._app.store, pk, Targets())
        return found.row.status if found is not None else ""

    def _foot(self, pk: int) -> str:
        tile = self._kitchen().board.tile_of(pk)
        return tile.step.label if tile is not None else ""

    def _tile(self, pk: int) -> str:
        tile = self._kitchen().board.tile_of(pk)
        return self._middle(tile.step if tile is not None else None)

    def _kitchen(self) -> KitchenPage:
        found = self._app.window.findChild(KitchenPage, "kitchenPage")
        assert found is not None
        return found

    @staticmethod
    def _middle(widget: QWidget | None) -> str:
        if widget is None or not widget.isVisible() or widget.visibleRegion().isEmpty():
            return ""
        at = widget.mapToGlobal(widget.visibleRegion().boundingRect().center())
        return f"{at.x()} {at.y()}"

    def _row(self, pk: int) -> str:
        view = self._app.window.findChild(OrdersView)
        assert view is not None
        model = view.model()
        places = [n for n in range(model.rowCount()) if model.row_at(n).pk == pk]  # type: ignore[attr-defined]
        if not places:
            return ""
        at = view.visualRect(model.index(places[0], 0)).center()
        if not view.viewport().rect().contains(at):
            return ""
        there = view.viewport().mapToGlobal(QPoint(at.x(), at.y()))
        return f"{there.x()} {there.y()}"


def main() -> None:
    """Show the window on a data directory, at a size, and answer until the questions end."""
    place, wide, high = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    app = build(place, start_sync=False, secrets=SecretStore(place / "keys", {}), sounds=False)
    app.window.setGeometry(0, 0, wide, high)
    app.window.show()
    app.wait_idle(15)
    app.window.activateWindow()
    guide = Guide(app)

    def read() -> None:
        line = sys.stdin.readline()
        if not line:
            QApplication.exit(0)  # nobody is there to be asked
            return
        sys.stdout.write(guide.answer(line.strip()) + "\n")
        sys.stdout.flush()

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(read)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    QApplication.exec()
    app.close()


if __name__ == "__main__":
    main()
