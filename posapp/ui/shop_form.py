"""The form that the dialogs about a shop share: fields with their errors, and a test of the connection."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.config import RemoteConfig
from posapp.domain.errors import PosError
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.context import Context, TestResult
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.card import Icon
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.text import PlainLabel


class TestLine(QWidget):
    """The outcome of a connection test, beside what was tested."""

    __test__ = False  # not a test class

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("testResult")
        self._icon = Icon("check-circle-fill", size=18)
        self._words = PlainLabel("", px=13, weight=fonts.MEDIUM, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self._words.text()

    def show_busy(self) -> None:
        """Say that the test runs."""
        self.show_progress(self.tr("Asking the shop…"))

    def show_progress(self, words: str) -> None:
        """Say what is under way."""
        self._show("arrows-clockwise", "text2", "text2", words)

    def show_result(self, result: TestResult) -> None:
        """Show what came out."""
        if result.ok:
            self._show("check-circle-fill", "ok", "ok_text", result.sentence)
        else:
            self._show("warning-circle-fill", "danger", "danger_text", result.sentence)

    def _show(self, icon: str, icon_tone: str, tone: str, text: str) -> None:
        self._icon.show_icon(icon, icon_tone)
        self._words.set_tone(tone)
        self._words.setText(text)
        self.show()


class FormDialog(Dialog):
    """A dialog with fields: it closes only when what was entered has been taken."""

    def __init__(self, ctx: Context, title: str, text: str, parent: QWidget, icon: str) -> None:
        super().__init__(title, text, parent, icon=icon)
        self.ctx = ctx
        self.fields: dict[str, Field] = {}
        self.tester = Aside(self)
        self.result_line = TestLine()
        self._saving = False

    def add_test_button(self) -> None:
        """Offer to try the connection before anything is saved."""
        button = secondary_button(self.tr("Test connection"), icon="plugs-connected")
        button.setObjectName("testConnectionButton")
        button.clicked.connect(self.test)
        self.add_extra(button)

    def test(self) -> None:
        """Try the connection with what is entered."""
        raise NotImplementedError

    def hand_over(self) -> None:
        """Hand what was entered to the doors."""
        raise NotImplementedError

    def accept(self) -> None:
        """Save; the dialog closes when that went well."""
        if not self._saving:
            self.hand_over()

    def saving(self, *, busy: bool) -> None:
        """Note that a save is under way, so that a second press does nothing."""
        self._saving = busy

    def finish(self) -> None:
        """Close as accepted."""
        self.saving(busy=False)
        super().accept()

    def run_test(self, remote: RemoteConfig, secret: str, username: str = "") -> None:
        """Try a connection in a thread of its own and show the outcome here."""
        if self.tester.busy:
            return
        self.result_line.show_busy()
        self.refit()
        doors = self.ctx.doors
        self.tester.run(lambda: doors.test_remote(remote, secret, username), self._tested)

    def refuse(self, error: PosError) -> None:
        """Show errors at their fields, the first with the cursor; others below the fields."""
        self.saving(busy=False)
        for name, field in self.fields.items():
            field.set_error(error.fields.get(name, ""))
        wrong = [name for name in self.fields if name in error.fields]
        if wrong:
            self.fields[wrong[0]].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.result_line.show_result(TestResult(ok=False, sentence=str(error)))
        self.refit()

    def clear_errors(self) -> None:
        """Forget earlier errors."""
        for field in self.fields.values():
            field.set_error("")

    def refit(self) -> None:
        """Let the dialog grow or shrink with its contents."""
        QTimer.singleShot(0, self, self.adjustSize)

    def _tested(self, result: TestResult) -> None:
        self.result_line.show_result(result)
        self.refit()
