"""Settings: about and support."""

from __future__ import annotations

import platform
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from posapp import __version__, resources
from posapp.ui.settings.section import Section
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.inputs import TextArea
from posapp.ui.widgets.text import PlainLabel

_LICENCES = (
    ("Inter · Noto Sans Devanagari, SIL OFL 1.1", "fonts/OFL-1.1.txt"),
    ("Phosphor Icons, MIT", "icons/LICENSE-phosphor-MIT.txt"),
)


class AboutSection(Section):
    """What support asks for, and what this program stands on."""

    key = "about"
    icon = "info"

    @property
    def title(self) -> str:
        return self.tr("About and support")

    def build(self) -> None:
        about = self.card("posapp", self.tr("version %1").replace("%1", __version__))
        self._fact(about, self.tr("Data directory"), str(self.ctx.store.data_dir))
        self._sqlite = self._fact(about, self.tr("Database"), "")
        self._fact(about, self.tr("Python and Qt"), f"{platform.python_version()} · {qVersion()}")
        support = self.card(self.tr("Support"))
        logs = secondary_button(self.tr("Open the folder"))
        logs.setObjectName("openLogsButton")
        logs.clicked.connect(lambda: self._open(self._logs()))
        self._log_row = self.row(support, self.tr("Logs"), self._log_help(), logs)
        licences = secondary_button(self.tr("Show"))
        licences.setObjectName("licencesButton")
        licences.setAccessibleName(self.tr("Show the licences"))
        licences.clicked.connect(self._show_licences)
        names = " · ".join(name for name, _ in _LICENCES)
        self.row(support, self.tr("Licences"), names, licences)

    def shown(self) -> None:
        store = self.ctx.store

        def version() -> str:
            row = store.one("SELECT sqlite_version()")
            return str(row[0]) if row else ""

        self.ctx.tasks.run(version, self._show_sqlite, owner=self)

    def _fact(self, card: Card, name: str, value: str) -> PlainLabel:
        label = PlainLabel(value, px=13, tone="text2", elide=True)
        label.setAccessibleName(name)
        label.setFixedWidth(560)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.row(card, name, "", label)
        return label

    def _logs(self) -> Path:
        return self.ctx.store.data_dir / "logs"

    def _log_help(self) -> str:
        return self.tr("Without keys and telephone numbers; kept in %1").replace("%1", str(self._logs()))

    def _show_sqlite(self, version: str) -> None:
        self._sqlite.setText(f"SQLite {version}")

    def _open(self, folder: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._log_row.set_help(str(folder))

    def _show_licences(self) -> None:
        dialog = LicencesDialog(self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class LicencesDialog(Dialog):
    """The texts of the licences of what is shipped."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", "", parent)
        self.set_title(self.tr("Licences"))
        text = "\n\n".join(f"{name}\n\n{resources.text(file)}" for name, file in _LICENCES)
        area = TextArea(text, lines=16)
        area.setReadOnly(True)
        self.body.addWidget(area)
        self.add_safe(self.tr("Close"))
