"""The list of couriers: add, rename, recolour, send home, remove; everything is saved at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from posapp.domain.dispatch import initials_of
from posapp.domain.errors import PosError
from posapp.services import couriers
from posapp.storage.dispatch import CourierRow
from posapp.storage.dispatch import couriers as read_couriers
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.delivery.disc import COLOURS, Disc
from posapp.ui.theme import current_theme
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import IconButton, quiet_button, secondary_button
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel

_MOST = 320


class CourierLine(QWidget):
    """One courier in the list: sign, name, on shift or not, remove."""

    def __init__(self, courier: CourierRow, dialog: CouriersDialog) -> None:
        super().__init__()
        self.courier = courier
        self._dialog = dialog
        self.disc = Disc(size=36)
        self.disc.show_sign(courier.initials, courier.colour)
        self.edit = TextInput(courier.name)
        self.edit.setObjectName(f"courierName_{courier.pk}")
        self.edit.setAccessibleName(self.tr("Name of %1").replace("%1", courier.name))
        self.edit.editingFinished.connect(self._rename)
        self.colour = IconButton(
            "caret-down", self.tr("Colour of %1").replace("%1", courier.name), quiet=True
        )
        self.colour.setObjectName(f"courierColour_{courier.pk}")
        self.colour.clicked.connect(self._choose_colour)
        self.duty = Toggle(self.tr("%1 is on shift").replace("%1", courier.name), on=courier.on_duty)
        self.duty.setObjectName(f"courierDuty_{courier.pk}")
        self.duty.clicked.connect(lambda on: dialog.set_duty(courier, on_duty=bool(on)))
        self.gone = IconButton("trash-bold", self.tr("Remove %1").replace("%1", courier.name), quiet=True)
        self.gone.setObjectName(f"courierRemove_{courier.pk}")
        self.gone.clicked.connect(lambda: dialog.remove(courier))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 2, 2)
        line.setSpacing(8)
        for widget in (self.disc, self.colour):
            line.addWidget(widget)
        line.addWidget(self.edit, 1)
        line.addWidget(self.duty)
        line.addWidget(self.gone)

    def _rename(self) -> None:
        name = self.edit.text().strip()
        if name != self.courier.name:
            self._dialog.change(self.courier, name, self.courier.colour)

    def _choose_colour(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.colour.accessibleName())
        for word, label in colour_words(self).items():
            action = menu.addAction(_swatch(COLOURS[word]), label)
            action.triggered.connect(
                lambda _=False, word=word: self._dialog.change(self.courier, self.courier.name, word)
            )
        menu.popup(self.colour.mapToGlobal(QPoint(0, self.colour.height() + 2)))


def colour_words(owner: QWidget) -> dict[str, str]:
    """Return the names of the colours."""
    return {
        "teal": owner.tr("Teal"),
        "green": owner.tr("Green"),
        "violet": owner.tr("Violet"),
        "blue": owner.tr("Blue"),
        "brown": owner.tr("Brown"),
        "plum": owner.tr("Plum"),
        "red": owner.tr("Red"),
        "slate": owner.tr("Grey"),
    }


def _swatch(colour: QColor) -> QIcon:
    pixmap = QPixmap(18, 18)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(1, 1, 16, 16)
    painter.end()
    return QIcon(pixmap)


class CouriersDialog(Dialog):
    """Shows everybody who delivers."""

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        title, text = (
            parent.tr("Couriers"),
            parent.tr("The switch tells who is on shift. All is saved at once."),
        )
        super().__init__(title, text, parent, icon="users-fill")
        self.setObjectName("couriersDialog")
        self._ctx = ctx
        self._lines: list[QWidget] = []
        self._removed: CourierRow | None = None
        self.edit = TextInput(placeholder=self.tr("Name of a new courier"))
        self.edit.setObjectName("newCourierName")
        self.edit.setAccessibleName(self.tr("Name of a new courier"))
        self.add_button = secondary_button(self.tr("Add"), icon="plus-bold")
        self.add_button.setObjectName("addCourierButton")
        self.add_button.clicked.connect(self.add)
        self._field = Field(self.tr("New courier"), self._entry())
        self._message = PlainLabel("", px=13, tone="danger_text", wrap=True)
        self._message.setObjectName("couriersMessage")
        self._message.hide()
        self._undo = quiet_button("", icon="arrow-u-up-left", height=36)
        self._undo.setObjectName("restoreCourierButton")
        self._undo.clicked.connect(self._restore)
        self._undo.hide()
        self._lay_out()
        self.add_safe(self.tr("Done")).setObjectName("couriersDoneButton")
        self.refresh()

    def _entry(self) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.edit, 1)
        line.addWidget(self.add_button)
        return holder

    def _lay_out(self) -> None:
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        self._list.addStretch(1)
        self._scroll = plain_area(inner)
        self.body.addWidget(self._scroll)
        self.body.addWidget(self._undo, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._message)
        self.body.addWidget(self._field)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # In a field it ends the typing; nowhere does it close the dialog.
            if self.edit.hasFocus() and not event.isAutoRepeat():
                self.add()
            event.accept()
            return
        super().keyPressEvent(event)

    # ------------------------------------------------------------------------------------------ acts

    def add(self) -> None:
        """Add the courier whose name was typed."""
        ctx, who, name = self._ctx, self._ctx.who, self.edit.text()

        def added() -> None:
            self.edit.clear()
            self.edit.setFocus()

        self._run(lambda: couriers.add(ctx.store, name, who, origin=WINDOW_ORIGIN), added)

    def change(self, courier: CourierRow, name: str, colour: str) -> None:
        """Rename or recolour a courier."""
        ctx, who = self._ctx, self._ctx.who
        own = courier.initials if courier.initials != initials_of(courier.name) else ""

        def work() -> object:
            return couriers.change(
                ctx.store,
                courier.pk,
                who,
                name=name,
                initials=own,
                colour=colour,
                expected_version=courier.version,
                origin=WINDOW_ORIGIN,
            )

        self._run(work)

    def set_duty(self, courier: CourierRow, *, on_duty: bool) -> None:
        """Begin or end a shift."""
        ctx, who = self._ctx, self._ctx.who
        self._run(
            lambda: couriers.set_duty(ctx.store, courier.pk, who, on_duty=on_duty, origin=WINDOW_ORIGIN)
        )

    def remove(self, courier: CourierRow) -> None:
        """Take a courier off the list; a button brings them back."""
        ctx, who = self._ctx, self._ctx.who

        def removed() -> None:
            self._removed = courier
            self._undo.setText(self.tr("Bring %1 back").replace("%1", courier.name[:24]))
            self._undo.show()

        self._run(lambda: couriers.remove(ctx.store, courier.pk, who, origin=WINDOW_ORIGIN), removed)

    def _restore(self) -> None:
        ctx, who, removed = self._ctx, self._ctx.who, self._removed
        if removed is not None:
            self._undo.hide()
            self._run(lambda: couriers.restore(ctx.store, removed.pk, who, origin=WINDOW_ORIGIN))

    def _run(self, work: Callable[[], object], after: Callable[[], None] | None = None) -> None:
        def done(_result: object) -> None:
            self._say("")
            if after is not None:
                after()
            self.refresh()

        def failed(error: PosError) -> None:
            self._say(str(error))
            self.refresh()

        self._ctx.tasks.run(work, done, failed=failed, owner=self)

    def _say(self, text: str) -> None:
        self._message.setText(text)
        self._message.setVisible(bool(text))

    # --------------------------------------------------------------------------------- what is shown

    def refresh(self) -> None:
        """Read the list anew."""
        store = self._ctx.store
        self._ctx.tasks.run(lambda: read_couriers(store), self._show, owner=self)

    def _show(self, rows: Sequence[CourierRow]) -> None:
        for line in self._lines:
            self._list.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [CourierLine(row, self) for row in rows]
        for place, line in enumerate(self._lines):
            self._list.insertWidget(place, line)
        wanted = sum(line.sizeHint().height() + 2 for line in self._lines)
        self._scroll.setFixedHeight(min(wanted, current_theme().px(_MOST)))
        self._scroll.setVisible(bool(rows))
