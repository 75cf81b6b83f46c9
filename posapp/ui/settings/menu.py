"""Settings: the menu. What is sold, and what of it is published to the shops."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from posapp.config import Config
from posapp.services.menu import Menu
from posapp.storage.feed import Change, Topic
from posapp.ui.catalogue.browser import MenuBrowser
from posapp.ui.catalogue.categories import CategoriesDialog
from posapp.ui.catalogue.dishdialog import DishDialog
from posapp.ui.catalogue.importdialog import ImportDialog
from posapp.ui.catalogue.model import Dish, Show
from posapp.ui.catalogue.publishbar import PublishLine
from posapp.ui.catalogue.reader import MenuReader, shops_of
from posapp.ui.catalogue.words import dishes_text
from posapp.ui.settings.section import Section, described, label_of
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.text import PlainLabel

_HIDE = described("sales", "hide_sold_out")


class MenuSection(Section):
    """Publishing above, the dishes below."""

    key = "menu"
    icon = "bowl-food"

    @property
    def title(self) -> str:
        return self.tr("Menu")

    def build(self) -> None:
        self.setAcceptDrops(True)
        self.menu = Menu()
        self._count = -1
        self._lines: dict[str, PublishLine] = {}
        self._config: Config | None = None
        self.reader = MenuReader(self.ctx, self)
        self.reader.arrived.connect(self._put_menu)
        self.browser = MenuBrowser(self.ctx)
        self.browser.edit_wanted.connect(self.edit)
        self.browser.add_wanted.connect(lambda: self.edit(None))
        self.browser.import_wanted.connect(lambda: self.import_file(None))
        self.browser.categories_wanted.connect(self.edit_categories)
        self._publishing = self.card(self.tr("Publish"), self.tr("to the web shop"))
        self._shops = QVBoxLayout()
        self._shops.setSpacing(0)
        self._publishing.column.addLayout(self._shops)
        self.hide_sold_out = Toggle(label_of(_HIDE))
        self.hide_sold_out.setObjectName("hideSoldOut")
        self.hide_sold_out.clicked.connect(
            lambda on: self.keep("sales", "hide_sold_out", bool(on), self.complain)
        )
        help_text = self.tr("What is sold out vanishes from the web shop until it is back; by itself")
        self._hide_row = self.row(self._publishing, label_of(_HIDE), help_text, self.hide_sold_out)
        self.column.addWidget(self.browser, 100)
        self._words += [self.tr("Dishes"), self.tr("Import"), self.tr("Categories"), self.tr("Price")]
        self.ctx.feed.changed.connect(self._changed)

    def summary(self) -> str:
        return dishes_text(self._count) if self._count >= 0 else ""

    def put_config(self, config: Config) -> None:
        self.hide_sold_out.setChecked(bool(config.get("sales", "hide_sold_out")))
        if config != self._config:
            self._config = config
            self._put_shops(config)
            if self.reader.active:
                self.reader.refresh()

    def _put_shops(self, config: Config) -> None:
        while self._shops.count():
            entry = self._shops.takeAt(0)
            widget = entry.widget() if entry is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        shops = shops_of(self.ctx)
        self._lines = {shop.name: PublishLine(self.ctx, shop) for shop in shops}
        for line in self._lines.values():
            line.refused_wanted.connect(lambda: self.browser.show_only(Show.REFUSED))
            self._shops.addWidget(line)
        for remote in config.remotes:
            if remote.name not in self._lines:
                words = self.tr("%1: this shop's API takes no products. Its menu is kept in its back office.")
                self._shops.addWidget(self._quiet(words.replace("%1", remote.name)))
        if not config.remotes:
            self._shops.addWidget(self._quiet(self.tr("No shop is connected. The menu is sold here.")))
        self._hide_row.setVisible(bool(shops))

    def _quiet(self, words: str) -> PlainLabel:
        return PlainLabel(words, px=13, tone="text2", wrap=True)

    # -- reading ---------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.active = True
        self.reader.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.reader.active = False

    def _changed(self, change: Change) -> None:
        # Whether a shop is reached matters only while something waits for it.
        if (
            self.reader.active
            and Topic.REMOTES in change.topics
            and any(shop.waiting for shop in self.menu.shops)
        ):
            self.reader.refresh()

    def _put_menu(self, menu: Menu) -> None:
        self.menu = menu
        self.browser.put(menu, self.ctx.config.sale_rules.currency)
        for standing in menu.shops:
            if standing.name in self._lines:
                self._lines[standing.name].put(standing)
        count = sum(not item.deleted for item in menu.products)
        if count != self._count:
            self._count = count
            self.summary_changed.emit()

    # -- acts ------------------------------------------------------------------------------------------

    def edit(self, dish: Dish | None) -> None:
        """Ask for a dish's values; None adds one."""
        self._open(DishDialog(self.ctx, dish.product if dish else None, self.menu.categories, self))

    def edit_categories(self) -> None:
        """Show the categories."""
        self._open(CategoriesDialog(self.ctx, self))

    def import_file(self, file: Path | None) -> None:
        """Bring a list of dishes in."""
        self._open(ImportDialog(self.ctx, self, file))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.import_file(Path(files[0]))

    def _open(self, dialog: Dialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
