"""Asks the platform about the loudspeaker now and then, without holding anything up."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, QTimer, Signal

from posapp.ui.loudspeaker import Answer, Question, Speaker, ask_windows, question_for
from posapp.ui.sound import find_player

_PATIENCE_MS = 3000


class SpeakerCheck(QObject):
    """`known(Speaker)` answers each `ask`; what is asked while a check runs is that check."""

    known = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, player: Callable[[], Sequence[str]] = find_player
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._process: QProcess | None = None
        self._question: Question | None = None
        self._answers: list[Answer] = []
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.stop)

    def ask(self) -> None:
        """Start a check."""
        if self._question is not None:
            return
        if sys.platform == "win32":
            self.known.emit(ask_windows())
            return
        self._question, self._answers = question_for(self._player()), []
        if self._question is None:
            self.known.emit(Speaker.UNKNOWN)
        else:
            self._next()

    def stop(self) -> None:
        """End what runs."""
        if self._process is not None:
            self._process.kill()
            self._process.waitForFinished(500)

    def _next(self) -> None:
        assert self._question is not None  # noqa: S101 - only called while one is asked
        command = self._question.commands[len(self._answers)]
        process = QProcess(self)
        words = QProcessEnvironment.systemEnvironment()
        words.insert("LC_ALL", "C")  # the answers are read, not shown
        process.setProcessEnvironment(words)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.finished.connect(self._ended)
        process.errorOccurred.connect(self._broke)
        self._process = process
        process.start(command[0], list(command[1:]))
        QTimer.singleShot(_PATIENCE_MS, process, process.kill)

    def _ended(self, code: int) -> None:
        process = self._process
        text = bytes(process.readAll().data()).decode("utf-8", "replace") if process is not None else ""
        self._take(Answer(code, text))

    def _broke(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._take(Answer(-1, ""))

    def _take(self, answer: Answer) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        if self._question is None:
            return
        self._answers.append(answer)
        if len(self._answers) < len(self._question.commands):
            self._next()
            return
        question, self._question = self._question, None
        self.known.emit(question.read(self._answers))
