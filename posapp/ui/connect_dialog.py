"""The dialogs that connect a shop, give it a new key, or disconnect it."""

from __future__ import annotations

from zoneinfo import available_timezones

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCompleter, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from posapp.config import Config, RemoteConfig, make_remote
from posapp.domain.errors import PosError, RefusedError
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.context import Context, TestResult
from posapp.ui.widgets.buttons import ButtonLook, secondary_button
from posapp.ui.widgets.card import Icon
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox, TextInput
from posapp.ui.widgets.text import PlainLabel

_CURRENCIES = ("KZT", "NPR", "RUB", "USD", "EUR")


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
        self._show("arrows-clockwise", "text2", "text2", self.tr("Asking the shop…"))

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


class _FormDialog(Dialog):
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

    def run_test(self, remote: RemoteConfig, secret: str) -> None:
        """Try a connection in a thread of its own and show the outcome here."""
        if self.tester.busy:
            return
        self.result_line.show_busy()
        self.refit()
        doors = self.ctx.doors
        self.tester.run(lambda: doors.test_remote(remote, secret), self._tested)

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


class ConnectDialog(_FormDialog):
    """Asks for a shop's name, address, format, currency, time zone and key."""

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        super().__init__(ctx, "", "", parent, "storefront-fill")
        self.setObjectName("connectDialog")
        self.set_title(self.tr("Connect a shop"))
        self.set_text(self.tr("The address and the key come from the shop's administrator."))
        self.setFixedWidth(min(620, parent.window().width() - 48))
        self._make_inputs()
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        places = {
            "name": (0, 0, 1, 2), "format": (0, 2, 1, 2), "base_url": (1, 0, 1, 4), "api_key": (2, 0, 1, 4),
            "currency": (3, 0, 1, 2), "timezone": (3, 2, 1, 2),
        }  # fmt: skip
        for name, field in self.fields.items():
            grid.addWidget(field, *places[name], Qt.AlignmentFlag.AlignTop)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.result_line)
        self.add_test_button()
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Connect"), look=ButtonLook.PRIMARY).setObjectName("connectButton")

    def _make_inputs(self) -> None:
        self.name = TextInput(placeholder="alma")
        self.address = TextInput(placeholder="https://shop.example")
        self.secret = TextInput()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.format = ComboBox()
        self.format.addItem(self.tr("Internal API"), "internal")
        self.currency = ComboBox()
        for code in _CURRENCIES:
            self.currency.addItem(code, code)
        self.zone = TextInput(self.ctx.zone.key)
        completer = QCompleter(sorted(available_timezones()), self.zone)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.zone.setCompleter(completer)
        self._field("name", self.tr("Name"), self.name, self.tr("Letters a–z, digits and -"))
        self._field("format", self.tr("Format"), self.format, self.tr("How the shop's server speaks"))
        self._field("base_url", self.tr("Address"), self.address, "")
        self._field(
            "api_key",
            self.tr("Key"),
            self.secret,
            self.tr("Kept apart from all other data, never shown again"),
        )
        self._field("currency", self.tr("Currency"), self.currency, "")
        self._field("timezone", self.tr("Time zone of the shop"), self.zone, "")

    def _field(self, name: str, label: str, editor: QWidget, help_text: str) -> None:
        editor.setObjectName(f"connect_{name}")
        self.fields[name] = Field(label, editor, help_text=help_text)

    def values(self) -> dict[str, object]:
        """Return what was entered, by the settings' names."""
        return {
            "name": self.name.text().strip(),
            "base_url": self.address.text().strip(),
            "format": self.format.currentData(),
            "currency": self.currency.currentData(),
            "timezone": self.zone.text().strip(),
        }

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def test(self) -> None:
        if self._good():
            self.run_test(make_remote(self.values()), self.secret.text().strip())

    def hand_over(self) -> None:
        if not self._good():
            return
        values, secret = self.values(), self.secret.text().strip()
        self.saving(busy=True)
        doors = self.ctx.doors
        self.ctx.tasks.run(
            lambda: doors.add_remote(values, secret), self._saved, failed=self.refuse, owner=self
        )

    def _good(self) -> bool:
        """Tell whether what was entered makes sense; show what does not."""
        self.clear_errors()
        wrong = self._wrong()
        if wrong:
            self.refuse(RefusedError("", fields=wrong))
        return not wrong

    def _wrong(self) -> dict[str, str]:
        """Return what is wrong, by field: all at once."""
        fine = {"name": "a", "base_url": "https://a.example"}
        wrong: dict[str, str] = {}
        for name, value in self.values().items():
            try:
                make_remote(fine | {name: value})
            except RefusedError as error:
                wrong |= error.fields
        empty = {
            "name": (self.name, self.tr("Enter a name.")),
            "base_url": (self.address, self.tr("Enter the shop's address.")),
            "api_key": (self.secret, self.tr("Enter the key.")),
        }
        missing = {name: text for name, (field, text) in empty.items() if not field.text().strip()}
        return wrong | missing

    def _saved(self, config: Config) -> None:
        self.ctx.put_config(config)
        self.ctx.message.emit(self.tr("Connected to %1").replace("%1", self.name.text().strip()), None)
        self.finish()


class KeyDialog(_FormDialog):
    """Asks for a new key of a shop."""

    def __init__(self, ctx: Context, remote: RemoteConfig, parent: QWidget) -> None:
        super().__init__(ctx, "", "", parent, "plugs-connected-fill")
        self._remote = remote
        self.setObjectName("keyDialog")
        self.set_title(self.tr("New key for %1").replace("%1", remote.name))
        self.set_text(
            self.tr("It replaces the stored one. What waits to be sent stays and goes out with it.")
        )
        self.secret = TextInput()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setObjectName("newKey")
        self.fields["api_key"] = Field(
            self.tr("Key"),
            self.secret,
            help_text=self.tr("Kept apart from all other data, never shown again"),
        )
        self.body.addWidget(self.fields["api_key"])
        self.body.addWidget(self.result_line)
        self.add_test_button()
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Save the key")).setObjectName("saveKeyButton")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)

    def test(self) -> None:
        if self._entered():
            self.run_test(self._remote, self.secret.text().strip())

    def hand_over(self) -> None:
        if not self._entered():
            return
        self.saving(busy=True)
        doors, name, secret = self.ctx.doors, self._remote.name, self.secret.text().strip()
        self.ctx.tasks.run(
            lambda: doors.replace_secret(name, secret), self._saved, failed=self.refuse, owner=self
        )

    def _entered(self) -> bool:
        self.clear_errors()
        if self.secret.text().strip():
            return True
        self.refuse(RefusedError("", fields={"api_key": self.tr("Enter the key.")}))
        return False

    def _saved(self, nothing: None) -> None:
        del nothing
        self.ctx.message.emit(self.tr("The new key is saved"), None)
        self.finish()


class RemoveDialog(Dialog):
    """Asks before a shop is disconnected, and says what stays."""

    def __init__(self, ctx: Context, remote: RemoteConfig, unsent: int, parent: QWidget) -> None:
        super().__init__("", "", parent, icon="trash-fill", tone="danger")
        self.setObjectName("removeDialog")
        self._ctx, self._name = ctx, remote.name
        self.set_title(self.tr("Disconnect %1?").replace("%1", remote.name))
        parts = [self.tr("Its orders stay here; new ones no longer come in. The stored key is forgotten.")]
        if unsent == 1:
            parts.append(self.tr("1 change has not reached the shop: it stays in the queue, unsent."))
        elif unsent:
            text = self.tr("%1 changes have not reached the shop: they stay in the queue, unsent.")
            parts.append(text.replace("%1", str(unsent)))
        self.set_text(" ".join(parts))
        self.add_safe(self.tr("Keep the shop"))
        button = self.add_action(self.tr("Disconnect"), look=ButtonLook.DANGER_OUTLINE)
        button.setObjectName("disconnectButton")
        self.accepted.connect(self._remove)

    def _remove(self) -> None:
        ctx, name = self._ctx, self._name
        told = self.tr("%1 is disconnected").replace("%1", name)

        def done(config: Config) -> None:
            ctx.put_config(config)
            ctx.message.emit(told, None)

        ctx.tasks.run(lambda: ctx.doors.remove_remote(name), done)
