"""The dialog of the categories: names, order, colours; each change is saved at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.catalogue import WIDTHS, Category
from posapp.domain.errors import PosError
from posapp.services.catalogue import delete_category, save_category
from posapp.services.menu import order_categories
from posapp.storage.catalogue import categories
from posapp.ui import fonts
from posapp.ui.catalogue.colours import colour_names
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import IconButton, tint_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.inputs import ComboBox, TextInput
from posapp.ui.widgets.text import PlainLabel

_LEAST_HEIGHT = 320
_STATION_WIDE = 130


class CategoryRow(QWidget):
    """One category: its name and its station are saved when they are left, its colour when it is chosen."""

    def __init__(self, item: Category, dialog: CategoriesDialog, *, first: bool, last: bool) -> None:
        super().__init__()
        self.item = item
        self.setObjectName("categoryRow")
        self.name = TextInput(item.name)
        self.name.setObjectName("categoryName")
        self.name.setAccessibleName(self.tr("Name of the category"))
        self.name.editingFinished.connect(lambda: dialog.rename(self))
        self.station = TextInput(item.station, placeholder=self.tr("Station"))
        self.station.setObjectName("categoryStation")
        self.station.setAccessibleName(self.tr("Kitchen station of %1").replace("%1", item.name))
        self.station.setMaxLength(WIDTHS["station"])
        self.station.setFixedWidth(_STATION_WIDE)
        self.station.editingFinished.connect(lambda: dialog.station(self))
        self.colour = ComboBox()
        self.colour.setAccessibleName(self.tr("Colour of %1").replace("%1", item.name))
        self.colour.addItem(self.tr("No colour"), "")
        for name, word in colour_names():
            self.colour.addItem(word, name)
        self.colour.setCurrentIndex(max(0, self.colour.findData(item.colour)))
        self.colour.activated.connect(lambda _: dialog.recolour(self, self.colour.currentData()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.name, 1)
        row.addWidget(self.station)
        row.addWidget(self.colour)
        acts: tuple[tuple[str, str, bool, Callable[[], None]], ...] = (
            ("arrow-up", self.tr("Move %1 up"), not first, lambda: dialog.shift(item.name, -1)),
            ("arrow-down", self.tr("Move %1 down"), not last, lambda: dialog.shift(item.name, 1)),
            ("trash", self.tr("Delete %1"), True, lambda: dialog.delete(item.name)),
        )
        for icon, words, on, act in acts:
            button = IconButton(icon, words.replace("%1", item.name), quiet=True)
            button.setObjectName(f"{icon}Category".replace("-", ""))
            button.setEnabled(on)
            button.clicked.connect(act)
            row.addWidget(button)


class CategoriesDialog(Dialog):
    """Dishes keep their category by whatever name; one that is deleted leaves its dishes without any."""

    def __init__(self, ctx: Context, parent: QWidget) -> None:
        super().__init__("", "", parent, icon="tag-fill")
        self.set_title(self.tr("Categories"))
        words = self.tr("Their order here is that of the tabs. Saved at once.")
        more = self.tr("The station is where its dishes are made: its printer gets their tickets.")
        self.set_text(f"{words} {more}")
        self.setObjectName("categoriesDialog")
        self.setFixedWidth(min(760, parent.window().width() - 48))
        self._ctx = ctx
        self.rows: list[CategoryRow] = []
        self.error = PlainLabel("", px=13, weight=fonts.MEDIUM, tone="danger_text", wrap=True)
        self.error.setObjectName("categoryError")
        self.error.hide()
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 6, 0)
        self._list.setSpacing(6)
        inner = QWidget()
        inner.setLayout(self._list)
        area = plain_area(inner)
        area.setFixedHeight(_LEAST_HEIGHT)
        self.new_name = TextInput(placeholder=self.tr("New category"))
        self.new_name.setObjectName("newCategoryName")
        self.new_name.setAccessibleName(self.tr("New category"))
        self.new_name.returnPressed.connect(self.add)
        add = tint_button(self.tr("Add"), icon="plus")
        add.setObjectName("addCategoryButton")
        add.clicked.connect(self.add)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.new_name, 1)
        line.addWidget(add)
        self.body.addWidget(area)
        self.body.addWidget(self.error)
        self.body.addLayout(line)
        self.add_safe(self.tr("Close"))
        self._read()

    def add(self) -> None:
        """Add a category at the end."""
        name = self.new_name.text().strip()
        if name:
            position = len(self.rows) + 1
            self._do(lambda: self._save(Category(name, position)), self.new_name.clear)

    def rename(self, row: CategoryRow) -> None:
        """Save a name that was typed; its dishes go along."""
        item, name = row.item, row.name.text().strip()
        if name != item.name:
            self._do(lambda: self._save(replace(item, name=name), item.name))

    def station(self, row: CategoryRow) -> None:
        """Save where its dishes are made that name no station of their own."""
        station = row.station.text().strip()
        if station != row.item.station:
            self._do(lambda: self._save(replace(row.item, station=station)))

    def recolour(self, row: CategoryRow, colour: str) -> None:
        """Save a colour."""
        self._do(lambda: self._save(replace(row.item, colour=colour)))

    def shift(self, name: str, by: int) -> None:
        """Move a category up or down."""
        names = [row.item.name for row in self.rows]
        place = names.index(name)
        names.insert(max(0, place + by), names.pop(place))
        store, who = self._ctx.store, self._ctx.who
        self._do(lambda: order_categories(store, names, who, origin=WINDOW_ORIGIN))

    def delete(self, name: str) -> None:
        """Delete a category; its dishes stay."""
        store, who = self._ctx.store, self._ctx.who
        self._do(lambda: delete_category(store, name, who, origin=WINDOW_ORIGIN))
        words = self.tr("%1 is deleted; its dishes have no category now")
        self._ctx.message.emit(words.replace("%1", name), None)

    def _save(self, item: Category, renamed_from: str = "") -> None:
        save_category(self._ctx.store, item, self._ctx.who, renamed_from=renamed_from, origin=WINDOW_ORIGIN)

    def _do(self, work: Callable[[], None], then: Callable[[], object] | None = None) -> None:
        self.error.hide()

        def done(_: None) -> None:
            if then is not None:
                then()
            self._read()

        self._ctx.tasks.run(work, done, failed=self._failed, owner=self)

    def _failed(self, error: PosError) -> None:
        self.error.setText(str(error))
        self.error.show()

    def _read(self) -> None:
        store = self._ctx.store
        self._ctx.tasks.run(lambda: categories(store), self._fill, owner=self)

    def _fill(self, found: tuple[Category, ...]) -> None:
        while self._list.count():
            entry = self._list.takeAt(0)
            widget = entry.widget() if entry is not None else None
            if widget is not None:
                widget.blockSignals(True)
                widget.hide()
                widget.deleteLater()
        last = len(found) - 1
        self.rows = [
            CategoryRow(item, self, first=place == 0, last=place == last) for place, item in enumerate(found)
        ]
        for row in self.rows:
            self._list.addWidget(row)
        self._list.addStretch(1)
