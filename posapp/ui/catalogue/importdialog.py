"""The dialog that brings a list of dishes in: a file, what it would do, and the choice."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.errors import PosError, StorageError
from posapp.domain.people import NotPermittedError
from posapp.domain.product_file import read_products
from posapp.services.catalogue import Preview, import_products, preview_import
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.catalogue.example import example_file
from posapp.ui.catalogue.previewlist import PreviewList
from posapp.ui.catalogue.progress import ProgressLine
from posapp.ui.catalogue.words import count_text, dishes_text
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.tasks import Refused
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.buttons import ButtonLook, quiet_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.text import PlainLabel

_WIDTH, _HEIGHT = 860, 380
_FILES = "CSV, JSON (*.csv *.json *.txt)"


class StoppedError(PosError):
    """The person stopped the import."""


class ImportDialog(Dialog):
    """Nothing is saved before “Import”; then all of it is, or nothing."""

    told = Signal(int, int)  # so many of so many are written; comes from the import's thread

    def __init__(self, ctx: Context, parent: QWidget, file: Path | None = None) -> None:
        super().__init__("", "", parent, icon="download-simple")
        self.setObjectName("importDialog")
        self.set_title(self.tr("Import dishes"))
        self.set_text(self.tr("Dishes that the file does not name stay as they are."))
        window = parent.window()
        self.setFixedWidth(min(_WIDTH, window.width() - 48))
        self.setAcceptDrops(True)
        self._ctx = ctx
        self._aside = Aside(self)
        self._stopped = threading.Event()
        self.preview: Preview | None = None
        self.banner = Banner(BannerTone.DANGER)
        self.banner.setObjectName("importBanner")
        self.banner.hide()
        self.summary = PlainLabel("", px=14, weight=fonts.SEMIBOLD, wrap=True)
        self.summary.setObjectName("importSummary")
        self.bar = ProgressLine()
        self.bar.hide()
        self.rows = PreviewList()
        self._make_start()
        after = QWidget()
        column = QVBoxLayout(after)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addWidget(self.bar)
        column.addWidget(self.rows, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._start)
        self.stack.addWidget(after)
        self.stack.setFixedHeight(min(_HEIGHT, window.height() - 260))
        self.body.addWidget(self.banner)
        self.body.addWidget(self.stack)
        self.other = quiet_button(self.tr("Another file…"))
        self.other.setObjectName("otherFileButton")
        self.other.clicked.connect(self.choose)
        self.other.hide()
        self.add_extra(self.other)
        self.safe = self.add_safe(self.tr("Cancel"))
        self.safe.setObjectName("cancelImportButton")
        self.action = self.add_action(self.tr("Import"))
        self.action.setObjectName("importButton")
        self.action.hide()
        self.told.connect(self._tell)
        if file is not None:
            self.read(file)

    def _make_start(self) -> None:
        self._start = EmptyState(
            "tray",
            self.tr("Drop a file here"),
            self.tr("A table (CSV) from a spreadsheet, or JSON. The first line names the columns."),
        )
        choose = self._start.add_action(self.tr("Choose a file…"), look=ButtonLook.PRIMARY)
        choose.setObjectName("chooseFileButton")
        choose.clicked.connect(self.choose)
        example = self._start.add_action(self.tr("Save an example…"), look=ButtonLook.SECONDARY)
        example.setObjectName("exampleFileButton")
        example.clicked.connect(self.save_example)

    # -- choosing --------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for a file."""
        dialog = QFileDialog(self, self.tr("Import dishes"), "", _FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_example(self) -> None:
        """Write a small table that shows every column."""
        dialog = QFileDialog(self, self.tr("Save an example"), "", "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("menu-example.csv")
        dialog.fileSelected.connect(lambda name: self.write_example(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write_example(self, path: Path) -> None:
        """Write the example there."""

        def work() -> Path:
            try:
                path.write_bytes(example_file())
            except OSError as error:
                raise StorageError("The file cannot be written.", f"{path}: {error.strerror}.") from error
            return path

        self._ctx.tasks.run(work, self._example_written, failed=self._complain, owner=self)

    def _example_written(self, path: Path) -> None:
        text = self.tr("%1 is written: open it in a spreadsheet").replace("%1", path.name)
        self.banner.show_text(text, tone=BannerTone.OK)
        self.banner.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and not self._aside.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.read(Path(files[0]))

    # -- reading ---------------------------------------------------------------------------------------

    def read(self, path: Path) -> None:
        """Read a file and show what it would do."""
        if self._aside.busy:
            return
        self.banner.hide()
        self.stack.setCurrentIndex(1)
        self.summary.setText(self.tr("Reading %1…").replace("%1", path.name))
        self.rows.rows_model.put(())
        self.action.hide()
        store, currency = self._ctx.store, self._ctx.config.sale_rules.currency

        def work() -> Preview | PosError:
            try:
                return preview_import(store, read_products(path.read_bytes()), currency)
            except OSError as error:
                return StorageError("The file cannot be read.", f"{path}: {error.strerror}.")
            except PosError as error:
                return error
            finally:
                store.close_thread()

        self._aside.run(work, self._read)

    def _read(self, found: Preview | PosError) -> None:
        if isinstance(found, PosError):
            self.stack.setCurrentIndex(0)
            self._complain(found)
            return
        self.preview = found
        self.rows.rows_model.put(found.rows)
        wrong = len({number for number, _, _ in found.problems})
        good = len(found.new) + len(found.changed)
        parts = [
            self.tr("%1 new").replace("%1", count_text(len(found.new))),
            self.tr("%1 changed").replace("%1", count_text(len(found.changed))),
            self.tr("%1 as they are").replace("%1", count_text(found.unchanged)),
            self.tr("%1 wrong").replace("%1", count_text(wrong)),
        ]
        self.summary.setText(" · ".join(parts))
        if wrong:
            some = self.tr("Correct the file and choose it again, or import the other rows alone.")
            none = self.tr("Correct the file and choose it again.")
            one, more = self.tr("1 row has problems."), self.tr("%1 rows have problems.")
            text = one if wrong == 1 else more.replace("%1", count_text(wrong))
            self.banner.show_text(text, more=some if good else none, tone=BannerTone.WARN)
            self.banner.show()
        elif found.notes:
            self.banner.show_text(found.notes[0], tone=BannerTone.ACCENT)
            self.banner.show()
        self.other.show()
        self.action.setText(self.tr("Import %1").replace("%1", dishes_text(good)))
        self.action.setVisible(good > 0)

    # -- importing -------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Save what the preview shows, but not the rows with problems."""
        preview = self.preview
        if preview is None or self._aside.busy:
            return
        self.banner.hide()
        self.action.setEnabled(False)
        self.other.hide()
        self.bar.put(0, 1)
        self.bar.show()
        self.safe.setText(self.tr("Stop"))
        self._stopped.clear()
        store, who, stopped, told = self._ctx.store, self._ctx.who, self._stopped, self.told

        def progress(done: int, total: int) -> None:
            if stopped.is_set():
                raise StoppedError("Stopped. Nothing was saved.")
            told.emit(done, total)

        def work() -> int | PosError:
            try:
                saved = import_products(
                    store, preview, who, skip_problems=True, origin=WINDOW_ORIGIN, progress=progress
                )
            except PosError as error:
                return error
            finally:
                store.close_thread()
            return len(saved)

        self._aside.run(work, self._imported)

    def reject(self) -> None:
        """Stop an import that runs; else close."""
        if self._aside.busy and self.bar.isVisible():
            self._stopped.set()
            return
        super().reject()

    def _tell(self, done: int, total: int) -> None:
        self.bar.put(done, total)
        text = self.tr("%1 of %2 are written").replace("%1", count_text(done))
        self.summary.setText(text.replace("%2", count_text(total)))

    def _imported(self, found: int | PosError) -> None:
        self.bar.hide()
        self.safe.setText(self.tr("Cancel"))
        self.action.setEnabled(True)
        if isinstance(found, PosError):
            self.other.show()
            tell = partial(self._complain, found)
            if isinstance(found, NotPermittedError):
                self._ctx.tasks.not_permitted.emit(Refused(found, self.accept, tell))
            else:
                tell()
            return
        text = self.tr("%1 imported").replace("%1", dishes_text(found))
        self._ctx.message.emit(text, None)
        super().accept()

    def _complain(self, error: PosError) -> None:
        more = " ".join(part for part in (error.detail, error.remedy) if part)
        self.banner.show_text(error.title, more=more, tone=BannerTone.DANGER)
        self.banner.show()
