"""Adding somebody, changing name, role and PIN."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.domain.errors import PosError
from posapp.domain.people import Role, pin_length
from posapp.storage.people import StaffRow
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.people.words import role_help, role_words
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox, TextInput
from posapp.ui.widgets.text import PlainLabel


class PersonDialog(Dialog):
    """One person; `person` None adds one, and the first of a shop is its manager."""

    def __init__(
        self, ctx: Context, person: StaffRow | None, parent: QWidget, *, first: bool = False
    ) -> None:
        title = parent.tr("Add a person") if person is None else person.name
        text = (
            parent.tr("The first person is the manager. From then on everybody enters a PIN.")
            if first
            else ""
        )
        super().__init__(title, text, parent, icon="user-fill")
        self.setObjectName("personDialog")
        self._ctx, self._person, self._saving = ctx, person, False
        self.name = TextInput(person.name if person else "")
        self.name.setObjectName("personName")
        self.name.setMaxLength(80)
        self.role = ComboBox()
        self.role.setObjectName("personRole")
        for role, word in role_words().items():
            self.role.addItem(word, role.value)
        wanted = Role.MANAGER if first else person.role if person else Role.COUNTER
        self.role.setCurrentIndex(self.role.findData(wanted.value))
        self.role.setEnabled(not first)
        self.pin, self.again = self._pin_input("personPin"), self._pin_input("personPinAgain")
        self.fields = {
            "name": Field(self.tr("Name"), self.name),
            "role": Field(self.tr("Role"), self.role, help_text=role_help(wanted)),
            "pin": Field(self.tr("PIN"), self.pin, help_text=" "),
            "again": Field(self.tr("PIN again"), self.again),
        }
        for field in self.fields.values():
            self.body.addWidget(field)
        self.message = PlainLabel("", px=13, tone="danger_text", wrap=True)
        self.message.setObjectName("personMessage")
        self.message.hide()
        self.body.addWidget(self.message)
        self.role.currentIndexChanged.connect(self._fit_role)
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Add") if person is None else self.tr("Save")).setObjectName(
            "savePersonButton"
        )
        self._fit_role()

    def _pin_input(self, name: str) -> TextInput:
        made = TextInput()
        made.setObjectName(name)
        made.setEchoMode(QLineEdit.EchoMode.Password)
        made.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData)
        return made

    @property
    def chosen_role(self) -> Role:
        """Return the role that is chosen."""
        return Role(self.role.currentData())

    def _fit_role(self) -> None:
        length = pin_length(self.chosen_role)
        needed = self._person is None or length != pin_length(self._person.role)
        words = self.tr("%n digits that nobody guesses", "", length).replace("%n", str(length))
        if not needed:
            words = self.tr("Leave it empty to keep the PIN; else %1 digits").replace("%1", str(length))
        self.fields["pin"].set_help(words)
        self.fields["role"].set_help(role_help(self.chosen_role))
        for edit in (self.pin, self.again):
            edit.setMaxLength(length)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Save; the dialog closes when that went well."""
        if self._saving:
            return
        for field in self.fields.values():
            field.set_error("")
        if self.pin.text() != self.again.text():
            self.fields["again"].set_error(self.tr("Not the same as above."))
            self.again.setFocus()
            return
        self._saving = True
        self._ctx.tasks.run(self._work(), self._saved, failed=self._refused, owner=self)

    def _work(self) -> Callable[[], object]:
        ctx, who, person = self._ctx, self._ctx.who, self._person
        name, role, pin = self.name.text(), self.chosen_role, self.pin.text()

        def work() -> object:
            from posapp.services import people

            if person is None:
                return people.add_person(ctx.store, name, role, pin, who, origin=WINDOW_ORIGIN)
            return people.change_person(
                ctx.store,
                person.id,
                who,
                name=name,
                role=role,
                pin=pin,
                expected_version=person.version,
                origin=WINDOW_ORIGIN,
            )

        return work

    def _saved(self, _: object) -> None:
        self._saving = False
        super().accept()

    def _refused(self, error: PosError) -> None:
        self._saving = False
        for name, field in self.fields.items():
            field.set_error(error.fields.get(name, ""))
        wrong = next((name for name in self.fields if name in error.fields), "")
        if wrong:
            self.fields[wrong].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.message.setText("" if wrong else str(error))
        self.message.setVisible(not wrong)
        QTimer.singleShot(0, self, self.adjustSize)
