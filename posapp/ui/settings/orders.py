"""Settings: what staff choose from while they work with orders."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject

from posapp.config import Config
from posapp.domain.errors import PosError
from posapp.ui.settings.section import Section, described, label_of
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextArea

_REASONS = described("orders", "reasons")


class OrdersSection(Section):
    """The reasons to reject an order."""

    key = "orders"
    icon = "receipt"

    @property
    def title(self) -> str:
        return self.tr("Orders")

    def build(self) -> None:
        card = self.card(label_of(_REASONS), self.tr("offered when an order is rejected or cancelled"))
        self.reasons = TextArea(lines=7)
        self.reasons.setObjectName("rejectReasons")
        self.reasons.installEventFilter(self)
        help_text = self.tr("One per line. Saved when you leave the field")
        self.field = Field(self.tr("Reasons"), self.reasons, help_text=help_text)
        self.field.setMaximumWidth(520)
        card.column.addWidget(self.field)
        self._words += [label_of(_REASONS), help_text]

    def summary(self) -> str:
        count = len(self.ctx.config.get("orders", "reasons"))
        return self.tr("1 reason") if count == 1 else self.tr("%n reasons", "", count)

    def put_config(self, config: Config) -> None:
        if not self.reasons.hasFocus():
            self._show(config)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.reasons and event.type() == QEvent.Type.FocusOut:
            self._save()
        return super().eventFilter(watched, event)

    def _show(self, config: Config) -> None:
        # The reasons that posapp brings along are shown, and kept, in the language of the person.
        words = (QCoreApplication.translate("settings", reason) for reason in config.get("orders", "reasons"))
        self.reasons.setPlainText("\n".join(words))
        self.field.set_error("")

    def _save(self) -> None:
        entered = tuple(line for line in self.reasons.toPlainText().split("\n") if line.strip())
        before = self.ctx.config.get("orders", "reasons")
        if entered != tuple(QCoreApplication.translate("settings", reason) for reason in before):
            self.keep("orders", "reasons", entered, self._failed)

    def _failed(self, error: PosError) -> None:
        self.field.set_error(error.fields.get("reasons", str(error)))
