"""Settings: this station."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from posapp.config import Config
from posapp.domain.errors import PosError
from posapp.ui.settings.section import Section, described, help_of, label_of
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput

_WAIT_MS = 700
_NAME = described("station", "name")


class StationSection(Section):
    """The name of the station."""

    key = "station"
    icon = "desktop"

    @property
    def title(self) -> str:
        return self.tr("This station")

    def build(self) -> None:
        card = self.card(self.tr("Name"))
        self.name = TextInput()
        self.name.setObjectName("stationName")
        self.name.setMaxLength(40)
        self.field = Field(label_of(_NAME), self.name, help_text=help_of(_NAME))
        self.field.setMaximumWidth(420)
        card.column.addWidget(self.field)
        self._words += [label_of(_NAME), help_of(_NAME)]
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._save)
        self.name.textEdited.connect(self._edited)
        self.name.editingFinished.connect(self._save)

    def summary(self) -> str:
        return self.ctx.config.station

    def put_config(self, config: Config) -> None:
        if not self.name.hasFocus() or self.name.text().strip() == "":
            self.name.setText(config.station)
            self.field.set_error("")

    def _edited(self) -> None:
        self.field.set_error("" if self.name.text().strip() else self.tr("A station needs a name."))
        self._timer.start()

    def _save(self) -> None:
        self._timer.stop()
        name = self.name.text().strip()
        if name and name != self.ctx.config.station:
            self.keep("station", "name", name, self._failed)

    def _failed(self, error: PosError) -> None:
        self.field.set_error(error.fields.get("name", str(error)))
