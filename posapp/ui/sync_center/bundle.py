"""The button for a support bundle: asks where, writes in a thread of its own, says what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from posapp.config import CONFIG_NAME
from posapp.domain.errors import PosError
from posapp.services.doctor import local_checks
from posapp.services.support import write_bundle
from posapp.ui.aside import Aside
from posapp.ui.context import Context
from posapp.ui.widgets.buttons import Button, ButtonLook


class BundleButton(Button):
    """Writes the bundle; `written` gives the file."""

    written = Signal(object)  # Path

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__("", parent, look=ButtonLook.QUIET, icon="download-simple", height=36, px=13)
        self.setObjectName("bundleButton")
        self._ctx, self._aside = ctx, Aside(self)
        self._show_busy(busy=False)
        self.clicked.connect(self.ask)

    def ask(self) -> None:
        """Ask where to write it, without stopping the window."""
        now = self._ctx.clock().astimezone(self._ctx.zone)
        name = f"posapp-support-{now:%Y-%m-%d-%H%M}.zip"
        dialog = QFileDialog(self.window(), self.tr("Write a support bundle"), "", "ZIP (*.zip)")
        dialog.setObjectName("bundleDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda file: self.write(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, target: Path) -> None:
        """Write the bundle to a new file."""
        ctx = self._ctx
        store, now = ctx.store, ctx.clock()

        def work() -> Path | PosError:
            try:
                settings = store.data_dir / CONFIG_NAME
                text = settings.read_text("utf-8", errors="replace") if settings.exists() else ""
                checks = local_checks(store, store.data_dir, now)
                return write_bundle(store, store.data_dir, target, text, checks, now)
            except PosError as error:
                return error
            finally:
                store.close_thread()

        self._show_busy(busy=True)
        self._aside.run(work, self._done)

    def _done(self, found: Path | PosError) -> None:
        self._show_busy(busy=False)
        if isinstance(found, PosError):
            self._ctx.problem.emit(found)
            return
        text = self.tr("Written: %1. Names, numbers and addresses are masked.")
        self._ctx.message.emit(text.replace("%1", found.name), None)
        self.written.emit(found)

    def _show_busy(self, *, busy: bool) -> None:
        self.setEnabled(not busy)
        self.setText(self.tr("Writing…") if busy else self.tr("Support bundle…"))
