"""Catches what nobody expected: it goes into the log, a calm dialog tells, and the work goes on."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from posapp import __version__
from posapp.log import redact
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.inputs import TextArea

log = logging.getLogger(__name__)
translate = QCoreApplication.translate


class CrashDialog(Dialog):
    """Says that something went wrong, that nothing saved is lost, and gives support what it needs."""

    def __init__(self, details: str, parent: QWidget | None) -> None:
        super().__init__(
            translate("crash", "Something went wrong here."),
            translate(
                "crash",
                "Nothing that was saved is lost, and you can go on working. "
                "If it happens again, send these details to support.",
            ),
            parent,
            icon="warning-fill",
            tone="warn",
        )
        self.setObjectName("crashDialog")
        self._details = TextArea(details, lines=7)
        self._details.setReadOnly(True)
        self._details.setAccessibleName(translate("crash", "Details for support"))
        self.body.addWidget(self._details)
        self.add_safe(translate("crash", "Go on")).setObjectName("goOnButton")
        copy = self.add_action(translate("crash", "Copy the details"))
        copy.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details.toPlainText())


class CrashGuard(QObject):
    """Takes the place of Python's hooks for unexpected errors, in all threads, until `release`."""

    caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window: QWidget | None = None
        self._open: CrashDialog | None = None
        self._before = (sys.excepthook, threading.excepthook)
        self.caught.connect(self._show)

    def guard(self, window: QWidget) -> None:
        """Begin to catch; dialogs stand over `window`."""
        self._window = window
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread

    def release(self) -> None:
        """Put the earlier hooks back."""
        self._window = None
        sys.excepthook, threading.excepthook = self._before

    def report(self, error: BaseException) -> None:
        """Show an error that somebody else caught and logged."""
        self.caught.emit(_details(type(error), error, error.__traceback__))

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        log.error("An unexpected error", exc_info=(kind, error, trace))
        self.caught.emit(_details(kind, error, trace))

    def _caught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._caught(args.exc_type, args.exc_value, args.exc_traceback)

    @Slot(str)
    def _show(self, details: str) -> None:
        # One dialog at a time: what breaks every second must not bury the screen.
        if self._window is None or self._open is not None:
            return
        self._open = CrashDialog(details, self._window)
        self._open.finished.connect(self._closed)
        self._open.open()

    def _closed(self) -> None:
        if self._open is not None:
            self._open.deleteLater()
            self._open = None


def _details(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    lines = traceback.format_exception(kind, error, trace)
    return redact(f"posapp {__version__}, Python {sys.version.split()[0]}\n{''.join(lines)}")
