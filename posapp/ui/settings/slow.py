"""Slow work of a settings section: a button, its progress, a way to stop it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.people import NotPermittedError
from posapp.storage.backup import BackupStoppedError
from posapp.ui.aside import Aside
from posapp.ui.catalogue.progress import ProgressLine
from posapp.ui.context import Context, TestResult
from posapp.ui.fetching import Watch
from posapp.ui.shop_form import TestLine
from posapp.ui.widgets.buttons import Button, secondary_button


class Slow(QWidget):
    """A button for slow work with its progress, a way to stop it, and what came of it."""

    def __init__(self, ctx: Context, button: Button, words: dict[str, str], stop_name: str) -> None:
        super().__init__()
        self._ctx, self._button, self._words = ctx, button, words
        self._aside = Aside(self)
        self._watch: Watch | None = None
        self.stop_button = secondary_button(self.tr("Stop"))
        self.stop_button.setObjectName(stop_name)
        self.stop_button.clicked.connect(self.stop)
        self.stop_button.hide()
        self.bar = ProgressLine()
        self.bar.setMaximumWidth(420)
        self.bar.hide()
        self.result_line = TestLine()
        row = self.row = QHBoxLayout()  # others may stand beside the button
        row.setSpacing(8)
        row.addWidget(button)
        row.addWidget(self.stop_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.result_line)
        column.addWidget(self.bar)

    def run(self, work: Callable[[Watch], object], done: Callable[[object], None]) -> None:
        """Begin, unless it runs already; `done` gets the result or the PosError."""
        if self._aside.busy:
            return
        watch = self._watch = Watch(self)
        watch.told.connect(self._told)
        store = self._ctx.store
        self._button.setEnabled(False)
        self.stop_button.show()
        self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.result_line.show_progress(self.tr("Starting…"))

        def target() -> object:
            try:
                return work(watch)
            except PosError as error:
                return error
            finally:
                store.close_thread()

        self._aside.run(target, lambda result: self._done(result, done))

    def stop(self) -> None:
        """Stop it; nothing of it is kept."""
        # The button stays as it is: one that goes grey would lose the focus to anything.
        if self._watch is not None and not self._watch.stopped:
            self.result_line.show_progress(self.tr("Stopping…"))
            self._watch.stop()

    def _told(self, what: str, count: int) -> None:
        if self._watch is not None and not self._watch.stopped:
            text = self._words.get(what, "")
            self.result_line.show_progress(text)
            self.bar.put(count, 100)
            self.bar.setVisible(bool(count))

    def _done(self, result: object, done: Callable[[object], None]) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.deleteLater()
        had_focus = self.stop_button.hasFocus()
        self.stop_button.hide()
        self.bar.hide()
        self._button.setEnabled(True)
        if had_focus:
            self._button.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(result, BackupStoppedError):
            self.result_line.show_progress(self.tr("Stopped. What was there before is kept."))
        elif isinstance(result, NotPermittedError):
            self.result_line.hide()
            self._ctx.problem.emit(result)
        elif isinstance(result, PosError):
            self.result_line.show_result(TestResult(ok=False, sentence=str(result)))
        else:
            done(result)
