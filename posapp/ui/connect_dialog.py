"""The dialog that connects a shop."""

from __future__ import annotations

from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCompleter, QGridLayout, QLineEdit, QWidget

from posapp.config import Config, make_remote
from posapp.domain.errors import RefusedError
from posapp.ui.context import Context
from posapp.ui.shop_form import FormDialog
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox, TextInput

_CURRENCIES = ("KZT", "NPR", "RUB", "USD", "EUR")
INTERNAL, STAFF = "internal", "staff"
# What shops of a format usually count in.
_USUAL_CURRENCY = {INTERNAL: "KZT", STAFF: "NPR"}
_PLACES = {
    "name": (0, 0, 1, 2), "format": (0, 2, 1, 2), "base_url": (1, 0, 1, 4), "api_key": (2, 0, 1, 4),
    "username": (3, 0, 1, 2), "password": (3, 2, 1, 2), "currency": (4, 0, 1, 2), "timezone": (4, 2, 1, 2),
    "update": (5, 0, 1, 4),
}  # fmt: skip
_ONLY = {"api_key": INTERNAL, "username": STAFF, "password": STAFF, "update": STAFF}


class ConnectDialog(FormDialog):
    """Asks for a shop's name, address, format, currency and time zone, and for its key or the sign-in."""

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        super().__init__(ctx, "", "", parent, "storefront-fill")
        self.setObjectName("connectDialog")
        self.set_title(self.tr("Connect a shop"))
        self.setFixedWidth(min(620, parent.window().width() - 48))
        self._make_inputs()
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for name, place in _PLACES.items():
            grid.addWidget(self.fields[name], *place, Qt.AlignmentFlag.AlignTop)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.result_line)
        self.add_test_button()
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Connect"), look=ButtonLook.PRIMARY).setObjectName("connectButton")
        self._show_format()
        self.format.currentIndexChanged.connect(self._show_format)

    def _make_inputs(self) -> None:
        self.name = TextInput(placeholder="alma")
        self.address = TextInput(placeholder="https://shop.example")
        self.secret, self.password = TextInput(), TextInput()
        for field in (self.secret, self.password):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.username = TextInput(placeholder="name@shop.example")
        self.format = ComboBox()
        self.format.addItem(self.tr("Internal API"), INTERNAL)
        self.format.addItem(self.tr("Staff API"), STAFF)
        self.currency = ComboBox()
        for code in _CURRENCIES:
            self.currency.addItem(code, code)
        self.update_mode = ComboBox()
        self.update_mode.addItem(self.tr("Only what changed (PATCH)"), "patch")
        self.update_mode.addItem(self.tr("The whole order (PUT)"), "put")
        self.zone = TextInput(self.ctx.zone.key)
        completer = QCompleter(sorted(available_timezones()), self.zone)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.zone.setCompleter(completer)
        never = self.tr("Kept apart from all other data, never shown again")
        self._field("name", self.tr("Name"), self.name, self.tr("Letters a–z, digits and -"))
        self._field("format", self.tr("Format"), self.format, self.tr("How the shop's server speaks"))
        self._field("base_url", self.tr("Address"), self.address, "")
        self._field("api_key", self.tr("Key"), self.secret, never)
        self._field("username", self.tr("User name"), self.username, self.tr("As a rule an email address"))
        self._field("password", self.tr("Password"), self.password, never)
        self._field("currency", self.tr("Currency"), self.currency, "")
        self._field("timezone", self.tr("Time zone of the shop"), self.zone, "")
        self._field(
            "update",
            self.tr("How changes are sent"),
            self.update_mode,
            self.tr("The whole order may write old details back; choose it only if the shop asks for it"),
        )

    def _field(self, name: str, label: str, editor: QWidget, help_text: str) -> None:
        editor.setObjectName(f"connect_{name}")
        self.fields[name] = Field(label, editor, help_text=help_text)

    @property
    def by_password(self) -> bool:
        """Tell whether the chosen format signs in with a name and a password."""
        return bool(self.format.currentData() == STAFF)

    def _show_format(self) -> None:
        """Show the fields of the chosen format and the currency that its shops usually have."""
        chosen = self.format.currentData()
        for name, only in _ONLY.items():
            self.fields[name].setVisible(only == chosen)
        if self.currency.currentData() in _USUAL_CURRENCY.values():
            self.currency.setCurrentIndex(self.currency.findData(_USUAL_CURRENCY[chosen]))
        text = self.tr("The address and the key come from the shop's administrator.")
        if self.by_password:
            text = self.tr("The address and a staff account come from the shop's administrator.")
        self.set_text(text)
        self.clear_errors()
        self.refit()

    def values(self) -> dict[str, object]:
        """Return what was entered, by the settings' names."""
        return {
            "name": self.name.text().strip(),
            "base_url": self.address.text().strip(),
            "format": self.format.currentData(),
            "currency": self.currency.currentData(),
            "timezone": self.zone.text().strip(),
            **({"update": self.update_mode.currentData()} if self.by_password else {}),
        }

    def _sign_in(self) -> tuple[str, str]:
        """Return the secret and the user name, "" where there is none."""
        if self.by_password:
            return self.password.text(), self.username.text().strip()
        return self.secret.text().strip(), ""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def test(self) -> None:
        if self._good():
            self.run_test(make_remote(self.values()), *self._sign_in())

    def hand_over(self) -> None:
        if not self._good():
            return
        values, (secret, username) = self.values(), self._sign_in()
        self.saving(busy=True)
        doors = self.ctx.doors
        self.ctx.tasks.run(
            lambda: doors.add_remote(values, secret, username), self._saved, failed=self.refuse, owner=self
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
            "username": (self.username, self.tr("Enter the user name.")),
            "password": (self.password, self.tr("Enter the password.")),
        }
        missing = {
            name: text
            for name, (field, text) in empty.items()
            if not field.text().strip()
            and _ONLY.get(name, self.format.currentData()) == self.format.currentData()
        }
        return wrong | missing

    def _saved(self, config: Config) -> None:
        self.ctx.put_config(config)
        self.ctx.message.emit(self.tr("Connected to %1").replace("%1", self.name.text().strip()), None)
        self.finish()
