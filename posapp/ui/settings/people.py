"""Settings: the people who work here, their PINs, and when the window locks itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.config import Config
from posapp.domain.errors import PosError
from posapp.domain.people import initials_of
from posapp.storage.feed import Change, Topic
from posapp.storage.people import StaffRow, staff
from posapp.ui import fonts
from posapp.ui.context import WINDOW_ORIGIN
from posapp.ui.delivery.disc import Disc
from posapp.ui.people.persondialog import PersonDialog
from posapp.ui.people.words import role_words
from posapp.ui.settings.section import Section, described, help_of, label_of
from posapp.ui.widgets.buttons import ButtonLook, IconButton, primary_button, secondary_button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.text import PlainLabel

_LOCK = described("station", "lock_minutes")


class PersonLine(Card):
    """One person: the disc, name and role, edit, let go."""

    def __init__(self, person: StaffRow, section: PeopleSection) -> None:
        super().__init__(padding=12, spacing=0)
        self.setObjectName(f"staff_{person.id}")
        disc = Disc(size=36)
        disc.show_sign(initials_of(person.name), person.colour)
        edit = secondary_button(section.tr("Edit…"))
        edit.setObjectName("editPersonButton")
        edit.setAccessibleName(section.tr("Edit %1").replace("%1", person.name))
        edit.clicked.connect(lambda: section.edit(person))
        gone = IconButton(
            "trash-bold", section.tr("%1 does not work here any more").replace("%1", person.name)
        )
        gone.setObjectName("removePersonButton")
        gone.clicked.connect(lambda: section.ask_to_remove(person))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(disc)
        row.addWidget(PlainLabel(person.name, px=15, weight=fonts.SEMIBOLD, elide=True), 1)
        row.addWidget(PlainLabel(role_words()[person.role], px=13, tone="text2"))
        row.addWidget(edit)
        row.addWidget(gone)
        self.column.addLayout(row)


class PeopleSection(Section):
    """Who works here; without anybody the station acts for everybody and nothing is locked."""

    key = "people"
    icon = "users"

    @property
    def title(self) -> str:
        return self.tr("People")

    def build(self) -> None:
        self._people: tuple[StaffRow, ...] = ()
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.column.addLayout(self._list)
        acts = QWidget()
        row = QHBoxLayout(acts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.add_button = primary_button(self.tr("Add a person"), icon="plus-bold", height=40)
        self.add_button.setObjectName("addPersonButton")
        self.add_button.clicked.connect(lambda: self.edit(None))
        self.lock_button = secondary_button(self.tr("Lock now"), key="Ctrl+L")
        self.lock_button.setObjectName("lockNowButton")
        self.lock_button.clicked.connect(self.ctx.lock_wanted)
        row.addWidget(self.add_button)
        row.addWidget(self.lock_button)
        self.column.addWidget(acts, 0, Qt.AlignmentFlag.AlignLeft)
        card = self.card(self.tr("Lock"))
        self.minutes = Stepper(label_of(_LOCK), 0, _LOCK.minimum, _LOCK.maximum, suffix=self.tr(" min"))
        self.minutes.setObjectName("lockMinutes")
        self.minutes.valueChanged.connect(
            lambda value: self.keep("station", "lock_minutes", int(value), self.complain)
        )
        self.row(card, label_of(_LOCK), help_of(_LOCK), self.minutes)
        self._words += [self.tr("PIN"), self.tr("Role"), self.tr("Manager"), self.tr("Staff")]
        self.ctx.feed.changed.connect(self._heard)
        self._fill()
        self._read()

    def summary(self) -> str:
        count = len(self._people)
        if not count:
            return self.tr("Nobody yet")
        return self.tr("1 person") if count == 1 else self.tr("%n people", "", count)

    def put_config(self, config: Config) -> None:
        self.minutes.blockSignals(True)
        self.minutes.setValue(int(config.get("station", "lock_minutes")))
        self.minutes.blockSignals(False)

    def shown(self) -> None:
        self._read()

    def edit(self, person: StaffRow | None) -> None:
        """Ask for name, role and PIN."""
        dialog = PersonDialog(self.ctx, person, self, first=person is None and not self._people)
        dialog.finished.connect(self._read)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_to_remove(self, person: StaffRow) -> None:
        """Ask before somebody is let go."""
        dialog = Dialog(
            self.tr("%1 does not work here any more?").replace("%1", person.name),
            self.tr("They cannot sign in any more. What they did stays in the history."),
            self,
            icon="user-fill",
            tone="danger",
        )
        dialog.setObjectName("removePersonDialog")
        dialog.add_safe(self.tr("Keep"))
        remove = dialog.add_action(self.tr("Let go"), look=ButtonLook.DANGER)
        remove.setObjectName("confirmRemovePersonButton")
        dialog.accepted.connect(lambda: self._remove(person))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _remove(self, person: StaffRow) -> None:
        ctx, who = self.ctx, self.ctx.who

        def work() -> object:
            from posapp.services import people

            return people.remove_person(ctx.store, person.id, who, origin=WINDOW_ORIGIN)

        ctx.tasks.run(work, lambda _: self._read(), failed=self._refused, owner=self)

    def _refused(self, error: PosError) -> None:
        self.ctx.problem.emit(error)
        self._read()

    def _heard(self, change: Change) -> None:
        if Topic.STAFF in change.topics or change.foreign:
            self._read()

    def _read(self) -> None:
        store = self.ctx.store
        self.ctx.tasks.run(lambda: staff(store), self._put, owner=self)

    def _put(self, people: tuple[StaffRow, ...]) -> None:
        if people != self._people:
            self._people = people
            self._fill()
            self.summary_changed.emit()

    def _fill(self) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for person in self._people:
            self._list.addWidget(PersonLine(person, self))
        self.lock_button.setVisible(bool(self._people))
        self.add_button.setText(self.tr("Add a person") if self._people else self.tr("Add the manager"))
        if not self._people:
            words = self.tr("Until somebody is added, this station may do everything and nobody signs in.")
            empty = Card()
            empty.column.addWidget(EmptyState("users", self.tr("No PINs yet"), words))
            self._list.addWidget(empty)
