"""The print queue: what waits, what came out, what did not and why, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.tickets import JobState, TicketKind
from posapp.services import printing
from posapp.storage.feed import Change, Topic
from posapp.storage.printing import JobRow, job_rows
from posapp.ui import fonts
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.print_words import job_line, job_title, state_look, state_word
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import Button, secondary_button
from posapp.ui.widgets.card import Divider, Icon
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.inputs import ComboBox
from posapp.ui.widgets.text import PlainLabel

_WIDTH, _HIGH, _SHOWN = 720, 470, 60
_TONES = {"accent": "accent_text", "ok": "ok_text", "warn": "warn_text", "danger": "danger_text"}
_RETRY = frozenset({JobState.FAILED, JobState.UNKNOWN})


class JobCard(QWidget):
    """One ticket: how it stands, and its acts, which `act_wanted` gives by the names of the services."""

    act_wanted = Signal(str, int, str)  # act, job, printer

    def __init__(self, ctx: Context, job: JobRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"job_{job.pk}")
        self.job = job
        self._names = [printer.name for printer in ctx.config.printers if printer.name != job.printer]
        icon, tone = state_look(job.state)
        title = job_title(job)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(PlainLabel(title, weight=fonts.SEMIBOLD, elide=True), 1)
        word = PlainLabel(state_word(job.state), px=13, weight=fonts.SEMIBOLD, tone=_TONES.get(tone, "text2"))
        word.setObjectName("jobState")
        head.addWidget(word)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addLayout(head)
        words.addWidget(PlainLabel(job_line(job, ctx.clock(), ctx.zone), px=13, tone="text2", elide=True))
        if job.error:
            reason = PlainLabel(job.error, px=13, tone=_TONES.get(tone, "text2"), wrap=True)
            reason.setObjectName("jobReason")
            words.addWidget(reason)
        acts = self._acts()
        if acts is not None:
            words.addLayout(acts)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 10, 10, 10)
        row.setSpacing(12)
        row.addWidget(Icon(icon, tone=tone), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setAccessibleName(f"{title}, {state_word(job.state)}")

    def _acts(self) -> QHBoxLayout | None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        job = self.job
        if job.state in _RETRY:
            row.addWidget(self._button(self.tr("Retry"), "retry", "arrow-clockwise"))
        if job.state is JobState.UNKNOWN:
            row.addWidget(self._button(self.tr("It is on paper"), "confirm", "check"))
        if job.state is JobState.DONE and job.kind is not TicketKind.DRAWER:
            row.addWidget(self._button(self.tr("Reprint"), "reprint", "printer"))
        if job.state is JobState.QUEUED:
            row.addWidget(self._button(self.tr("Give up"), "give_up", "x"))
        if self._names and job.state in _RETRY | {JobState.QUEUED}:
            row.addWidget(self._mover())
        if not row.count():
            return None
        row.addStretch(1)
        return row

    def _mover(self) -> ComboBox:
        box = ComboBox(placeholder=self.tr("Print elsewhere"))
        box.setObjectName("moveBox")
        box.setAccessibleName(self.tr("Print %1 on another printer").replace("%1", self.job.title))
        for name in self._names:
            box.addItem(name, name)
        box.setCurrentIndex(-1)
        box.setMinimumWidth(190)
        box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        box.activated.connect(lambda at: self.act_wanted.emit("move", self.job.pk, self._names[at]))
        return box

    def _button(self, text: str, act: str, icon: str) -> Button:
        button = secondary_button(text, icon=icon, height=36)
        button.setObjectName(f"{act}Button")
        button.setAccessibleName(f"{text}, {self.job.title}")
        button.clicked.connect(lambda: self.act_wanted.emit(act, self.job.pk, ""))
        return button


class PrintQueueDialog(Dialog):
    """Shows the latest tickets and follows them while it is open."""

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        super().__init__("", "", parent, icon="printer-fill")
        self.setObjectName("printQueueDialog")
        self._ctx = ctx
        self._shown: tuple[JobRow, ...] | None = None
        self.set_title(self.tr("Print queue"))
        self.setFixedWidth(min(_WIDTH, parent.window().width() - 48))
        self.problem = PlainLabel("", px=13, weight=fonts.MEDIUM, tone="danger_text", wrap=True)
        self.problem.setObjectName("printQueueProblem")
        self.problem.hide()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        inside = QWidget()
        inside.setLayout(self._column)
        self._area = plain_area(inside)
        self._area.setFixedHeight(_HIGH)
        self.body.addWidget(self.problem)
        self.body.addWidget(self._area)
        self.add_safe(self.tr("Close"))
        ctx.feed.changed.connect(self._heard)
        self._ask()

    def cards(self) -> list[JobCard]:
        """Return what is shown, the newest first."""
        items = (self._column.itemAt(number) for number in range(self._column.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, JobCard)]

    def _heard(self, change: Change) -> None:
        if Topic.PRINTS in change.topics or change.foreign:
            self._ask()

    def _ask(self) -> None:
        store = self._ctx.store
        self._ctx.tasks.run(lambda: job_rows(store, limit=_SHOWN), self._fill, owner=self)

    def _fill(self, jobs: tuple[JobRow, ...]) -> None:
        if jobs == self._shown:
            return
        self._shown = jobs
        place = self._area.verticalScrollBar().value()
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, job in enumerate(jobs):
            if number:
                self._column.addWidget(Divider())
            card = JobCard(self._ctx, job)
            card.act_wanted.connect(self._act)
            self._column.addWidget(card)
        if not jobs:
            words = self.tr("Ctrl+P on an order prints its receipt or its kitchen ticket.")
            self._column.addWidget(EmptyState("printer", self.tr("Nothing was printed yet"), words))
        self._column.addStretch(1)
        self._area.verticalScrollBar().setValue(place)

    def _act(self, act: str, pk: int, printer: str) -> None:
        store, who = self._ctx.store, self._ctx.who
        acts: dict[str, Callable[[], object]] = {
            "retry": lambda: printing.retry(store, pk, who, origin=WINDOW_ORIGIN),
            "reprint": lambda: printing.reprint(store, pk, who, origin=WINDOW_ORIGIN),
            "confirm": lambda: printing.confirm(store, pk, who, origin=WINDOW_ORIGIN),
            "move": lambda: printing.move(store, pk, printer, who, origin=WINDOW_ORIGIN),
            "give_up": lambda: printing.give_up(store, pk, who, origin=WINDOW_ORIGIN),
        }
        self.problem.hide()
        self._ctx.tasks.run(acts[act], lambda _done: self._ask(), failed=self._failed, owner=self)

    def _failed(self, error: PosError) -> None:
        self.problem.setText(str(error))
        self.problem.show()
        self._ask()
