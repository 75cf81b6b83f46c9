"""The editor in the window: it lies over the Orders screen, guards what is not saved, and goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from posapp.domain.errors import PosError
from posapp.ui.actwords import name_of
from posapp.ui.context import Context
from posapp.ui.toasts import Toasts

if TYPE_CHECKING:  # the start does not pay for the editor; its first opening does
    from posapp.ui.editor.saving import Result
    from posapp.ui.screens.editor import EditorPage


class Shell(Protocol):
    """What the editor needs of the window."""

    stack: QStackedWidget
    toasts: Toasts

    def open_order(self, pk: int) -> None:
        """Open an order on the Orders screen."""


class EditorHost(QObject):
    """Opens the editor over the Orders screen when `Context.edit_wanted` asks for it, and closes it again."""

    def __init__(self, ctx: Context, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx, self._shell = ctx, shell
        self.page: EditorPage | None = None
        self._under: QWidget | None = None
        ctx.edit_wanted.connect(self.open)

    def open(self, pk: int) -> None:
        """Edit an order, once a person agreed to leave one that is being edited."""
        from posapp.ui.screens.editor import EditorPage

        if self.holds(lambda: self.open(pk)):
            return
        self._shell.open_order(pk)
        self._shell.toasts.dismiss()
        self._under = self._shell.stack.currentWidget()
        page = EditorPage(self._ctx, pk)
        self.page = page
        page.closed.connect(self._closed)
        self._shell.stack.addWidget(page)
        self._shell.stack.setCurrentWidget(page)
        page.desk.opened.connect(self._listen)

    def _listen(self) -> None:
        """Look at keys in front of the window, once the page is built: building it sends many events."""
        app = QApplication.instance()
        if app is not None and self.page is not None:
            app.installEventFilter(self)

    def holds(self, then: Callable[[], object], *, keep: bool = False) -> bool:
        """Tell whether a person has to be asked before the editor is left; `then` is called if they agree.

        Where nothing is lost the editor closes at once, unless it is to `keep` open.
        """
        page = self.page
        if page is None:
            return False
        if page.dirty:

            def agreed() -> None:
                self._close(None)
                then()

            page.ask_to_leave(agreed)
            return True
        if not keep:
            self._close(None)
        return False

    def _closed(self, result: Result | None) -> None:
        self._close(result)

    def _close(self, result: Result | None) -> None:
        page, self.page = self.page, None
        if page is None:
            return
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        if self._under is not None:
            self._shell.stack.setCurrentWidget(self._under)
        self._shell.stack.removeWidget(page)
        page.setParent(None)
        page.deleteLater()
        self._shell.open_order(page.desk.pk)
        if result is not None:
            text = self.tr("%1 saved").replace("%1", name_of(result.code))
            self._ctx.message.emit(text, lambda: self._undo(result))

    def _undo(self, result: Result) -> None:
        ctx = self._ctx
        who, rules = ctx.who, ctx.config.sale_rules
        text = self.tr("Undone: %1 is as it was before").replace("%1", name_of(result.code))

        def failed(error: PosError) -> None:
            ctx.problem.emit(error)

        from posapp.ui.editor.saving import undo_job

        ctx.tasks.run(
            lambda: undo_job(ctx.store, result, who, rules),
            lambda _done: ctx.message.emit(text, None),
            failed=failed,
            owner=self,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The editor's keys work while somebody types, so they are looked at before the field is.
        page = self.page
        if page is None or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget) or watched.window() is not page.window():
            return False
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            return False
        if watched not in (QApplication.focusWidget(), page.window()):
            return False
        if event.key() == Qt.Key.Key_Escape and _list_open(page):
            return False
        return page.take_key(event)


def _list_open(page: EditorPage) -> bool:
    from posapp.ui.widgets.options import DropDown

    return any(found.isVisible() for found in page.window().findChildren(DropDown))
