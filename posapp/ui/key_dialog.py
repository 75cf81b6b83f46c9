"""The dialogs that give a shop a new key or password, and that disconnect it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.config import Config, RemoteConfig
from posapp.domain.errors import RefusedError
from posapp.ui.context import Context
from posapp.ui.shop_form import FormDialog
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput


class KeyDialog(FormDialog):
    """Asks for a new key of a shop, or for the password, with the user name if that changed too."""

    def __init__(self, ctx: Context, remote: RemoteConfig, parent: QWidget) -> None:
        super().__init__(ctx, "", "", parent, "plugs-connected-fill")
        self._remote = remote
        self.setObjectName("keyDialog")
        self.setFixedWidth(min(540, parent.window().width() - 48))
        title = self.tr("New password for %1") if remote.by_password else self.tr("New key for %1")
        self.set_title(title.replace("%1", remote.name))
        self.set_text(
            self.tr("It replaces the stored one. What waits to be sent stays and goes out with it.")
        )
        self.username = TextInput(placeholder="name@shop.example")
        self.username.setObjectName("newUsername")
        self.secret = TextInput()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setObjectName("newKey")
        if remote.by_password:
            self.fields["username"] = Field(
                self.tr("User name"),
                self.username,
                help_text=self.tr("Leave it empty if it is still the same"),
            )
            self.body.addWidget(self.fields["username"])
        self.fields["api_key"] = Field(
            self.tr("Password") if remote.by_password else self.tr("Key"),
            self.secret,
            help_text=self.tr("Kept apart from all other data, never shown again"),
        )
        self.body.addWidget(self.fields["api_key"])
        self.body.addWidget(self.result_line)
        self.add_test_button()
        self.add_safe(self.tr("Cancel"))
        save = self.tr("Save the password") if remote.by_password else self.tr("Save the key")
        self.add_action(save).setObjectName("saveKeyButton")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)

    def test(self) -> None:
        if self._entered():
            self.run_test(self._remote, *self._sign_in())

    def hand_over(self) -> None:
        if not self._entered():
            return
        self.saving(busy=True)
        doors, name, (secret, username) = self.ctx.doors, self._remote.name, self._sign_in()
        self.ctx.tasks.run(
            lambda: doors.replace_secret(name, secret, username), self._saved, failed=self.refuse, owner=self
        )

    def _sign_in(self) -> tuple[str, str]:
        if self._remote.by_password:
            return self.secret.text(), self.username.text().strip()
        return self.secret.text().strip(), ""

    def _entered(self) -> bool:
        self.clear_errors()
        if self.secret.text().strip():
            return True
        missing = self.tr("Enter the password.") if self._remote.by_password else self.tr("Enter the key.")
        self.refuse(RefusedError("", fields={"api_key": missing}))
        return False

    def _saved(self, nothing: None) -> None:
        del nothing
        told = (
            self.tr("The new password is saved")
            if self._remote.by_password
            else self.tr("The new key is saved")
        )
        self.ctx.message.emit(told, None)
        self.finish()


class RemoveDialog(Dialog):
    """Asks before a shop is disconnected, and says what stays."""

    def __init__(self, ctx: Context, remote: RemoteConfig, unsent: int, parent: QWidget) -> None:
        super().__init__("", "", parent, icon="trash-fill", tone="danger")
        self.setObjectName("removeDialog")
        self._ctx, self._name = ctx, remote.name
        self.set_title(self.tr("Disconnect %1?").replace("%1", remote.name))
        forgotten = self.tr("Its orders stay here; new ones no longer come in. The stored key is forgotten.")
        if remote.by_password:
            forgotten = self.tr(
                "Its orders stay here; new ones no longer come in. This PC is signed out of the shop."
            )
        parts = [forgotten]
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
