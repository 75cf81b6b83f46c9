"""The dialog that adds or changes a dish."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from posapp.domain.catalogue import Category, Product
from posapp.domain.errors import PosError
from posapp.services.catalogue import StaleProductError, save_product
from posapp.ui.catalogue.dishform import DishForm
from posapp.ui.catalogue.reader import shops_of
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.dialog import Dialog

_WIDTH, _AROUND = 940, 190


class DishDialog(Dialog):
    """Saves over the version that it showed; who was faster is shown beside what was typed."""

    def __init__(
        self, ctx: Context, item: Product | None, categories: tuple[Category, ...], parent: QWidget
    ) -> None:
        super().__init__("", "", parent, icon="bowl-food-fill")
        self.setObjectName("dishDialog")
        self._ctx = ctx
        self._base = item or Product("", "", Decimal("0"))
        self._currency = ctx.config.sale_rules.currency
        self._busy = False
        self.set_title(item.title if item is not None else self.tr("Add a dish"))
        window = parent.window()
        self.setFixedWidth(min(_WIDTH, window.width() - 48))
        self.form = DishForm([entry.name for entry in categories], ctx.clock(), ctx.zone, self._currency)
        self.form.show_dish(self._base)
        self.banner = Banner(BannerTone.WARN)
        self.banner.setObjectName("dishBanner")
        self.banner.hide()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.form)
        area.viewport().setAutoFillBackground(False)
        self.form.setAutoFillBackground(False)
        area.setFixedHeight(min(self.form.sizeHint().height() + 40, window.height() - _AROUND))
        self.body.addWidget(self.banner)
        self.body.addWidget(area)
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Save")).setObjectName("saveDishButton")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.form.texts["title"].setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Save; the dialog closes when that went well."""
        if self._busy:
            return
        values, wrong = self.form.entered()
        self.form.show_errors(wrong)
        if wrong:
            return
        self._busy = True
        ctx, base, currency = self._ctx, self._base, self._currency
        item = replace(base, **values)
        # What is sold out goes out at once where the shop hides it; the rest waits for “Publish”.
        at_once = item.sold_out_until != base.sold_out_until
        shops = [shop for shop in shops_of(ctx) if at_once and shop.hide_sold_out]
        who = ctx.who
        ctx.tasks.run(
            lambda: save_product(ctx.store, item, currency, who, shops=shops, origin=WINDOW_ORIGIN),
            self._saved,
            failed=self._refused,
            owner=self,
        )

    def _saved(self, saved: Product) -> None:
        self._busy = False
        ctx, base, currency = self._ctx, self._base, self._currency
        # A dish that was just added is taken back by deleting it.
        before = replace(base, version=saved.version) if base.version else replace(saved, deleted=True)

        def undo() -> None:
            who = ctx.who
            ctx.tasks.run(lambda: save_product(ctx.store, before, currency, who, origin=WINDOW_ORIGIN))

        text = self.tr("%1 is saved") if base.version else self.tr("%1 is added")
        ctx.message.emit(text.replace("%1", saved.title), undo)
        super().accept()

    def _refused(self, error: PosError) -> None:
        self._busy = False
        if isinstance(error, StaleProductError):
            self._show_newer(error.product)
        elif not self.form.show_errors(error.fields):
            self._say(error.title, " ".join(part for part in (error.detail, error.remedy) if part))

    def _show_newer(self, newer: Product) -> None:
        both = self.form.take_newer(self._base, newer)
        self._base = newer
        more = (
            self.tr("What you both changed is marked: yours stays, and is saved with “Save”.")
            if both
            else self.tr("The newer values are shown. What you typed is still there.")
        )
        self._say(self.tr("Somebody changed this dish meanwhile."), more)

    def _say(self, text: str, more: str) -> None:
        self.banner.show_text(text, more=more)
        self.banner.show()
