"""Settings: backups. The newest ones, how often they are made, and a trial of the newest."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from posapp.config import Config
from posapp.config_fields import Described
from posapp.domain.errors import PosError
from posapp.domain.people import NotPermittedError
from posapp.services import backups
from posapp.services.backups import Standing
from posapp.services.exporting import check_export
from posapp.storage.backup_rota import Made, keep_up
from posapp.storage.drill import DrillReport, drill
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.context import TestResult
from posapp.ui.delegates.age import clock_text
from posapp.ui.fetching import Watch
from posapp.ui.settings.backupwords import (
    copy_words,
    drill_words,
    elsewhere_words,
    newest_words,
    second_words,
    summary_words,
)
from posapp.ui.settings.section import Section, described, help_of, label_of
from posapp.ui.settings.slow import Slow
from posapp.ui.shop_form import TestLine
from posapp.ui.widgets.buttons import primary_button, secondary_button
from posapp.ui.widgets.card import Divider
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput
from posapp.ui.widgets.text import PlainLabel

_HOURS, _KEEP, _FOLDER = (described("backup", key) for key in ("hours", "keep", "folder"))
_LOOK_MS = 30_000


class BackupSection(Section):
    """How backups stand, and everything that can be done about them."""

    key = "backup"
    icon = "hard-drives"

    @property
    def title(self) -> str:
        return self.tr("Backup")

    def build(self) -> None:
        self._standing: Standing | None = None
        self._reader = Aside(self)
        self._stale = False  # something changed while it was read
        self._make_state()
        self._make_schedule()
        self._make_trial()
        self._words += [self.tr("Restore"), self.tr("Drive"), self.tr("Copy"), self.tr("USB stick")]
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._read_if_seen)
        self._timer.start()
        self._read()

    def _make_state(self) -> None:
        card = self.card(self.tr("Newest good backup"))
        self.here = self._pair(card.column, self.tr("On this PC"), "backupHere")
        self.there = self._pair(card.column, self.tr("Second folder"), "backupThere")
        self.trouble = TestLine()
        self.trouble.setObjectName("backupTrouble")
        card.column.addSpacing(4)
        card.column.addWidget(self.trouble)
        self.now_button = primary_button(self.tr("Back up now"), icon="hard-drives", height=40)
        self.now_button.setObjectName("backUpNowButton")
        self.now_button.clicked.connect(self.back_up)
        words = {
            "copy": self.tr("Copying…"),
            "compare": self.tr("Comparing every row…"),
            "check": self.tr("Checking every page of the copy…"),
            "second": self.tr("Copying to the second folder…"),
        }
        self.making = Slow(self.ctx, self.now_button, words, "stopBackupButton")
        card.column.addWidget(self.making)

    def _pair(self, column: QVBoxLayout, name: str, object_name: str) -> tuple[PlainLabel, PlainLabel]:
        label = PlainLabel(name, px=13, tone="text2")
        label.setFixedWidth(130 * self.ctx.config.get("look", "text_scale") // 100)
        value = PlainLabel("", px=14, weight=fonts.SEMIBOLD)
        value.setObjectName(object_name)
        place = PlainLabel("", px=13, tone="text2", elide=True)
        place.setObjectName(f"{object_name}Place")
        row = QHBoxLayout()
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(12)
        row.addWidget(label)
        row.addWidget(value)
        row.addWidget(place, 1)
        column.addLayout(row)
        return value, place

    def _make_schedule(self) -> None:
        card = self.card(self.tr("By itself"), self.tr("while posapp runs; orders go on meanwhile"))
        self.hours = self._stepper(_HOURS, "backupHours", self.tr(" h"))
        self.row(card, label_of(_HOURS), help_of(_HOURS), self.hours)
        self.keep_count = self._stepper(_KEEP, "backupKeep", "")
        self.row(card, label_of(_KEEP), help_of(_KEEP), self.keep_count)
        card.column.addWidget(Divider())
        self.folder = TextInput()
        self.folder.setObjectName("backupFolder")
        self.folder.editingFinished.connect(self._save_folder)
        self.field = Field(label_of(_FOLDER), self.folder, help_text=help_of(_FOLDER))
        choose = secondary_button(self.tr("Choose…"))
        choose.setObjectName("chooseBackupFolderButton")
        choose.setAccessibleName(self.tr("Choose the second folder for backups"))
        choose.clicked.connect(self.choose_folder)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        beside = QVBoxLayout()
        beside.setContentsMargins(0, 6, 0, 0)  # in line with the text, between its label and its help
        beside.addWidget(choose, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(beside)
        card.column.addLayout(row)
        self._words += [label_of(_FOLDER), help_of(_FOLDER)]

    def _stepper(self, setting: Described, name: str, suffix: str) -> Stepper:
        stepper = Stepper(label_of(setting), 0, setting.minimum, setting.maximum, suffix=suffix)
        stepper.setObjectName(name)
        stepper.valueChanged.connect(
            lambda value: self.keep("backup", setting.key, int(value), self.complain)
        )
        return stepper

    def _make_trial(self) -> None:
        card = self.card(self.tr("Try a restore"))
        words = self.tr(
            "Restores the newest backup into a place of its own, opens it, and counts what is in it. "
            "Nothing changes here."
        )
        card.column.addWidget(PlainLabel(words, px=13, tone="text2", wrap=True))
        self.try_button = secondary_button(self.tr("Try a restore"), icon="clock-clockwise")
        self.try_button.setObjectName("tryRestoreButton")
        self.try_button.clicked.connect(self.try_restore)
        steps = {
            "check": self.tr("Checking every page of the backup…"),
            "copy": self.tr("Restoring it into a place of its own…"),
            "open": self.tr("Opening and counting…"),
        }
        self.trying = Slow(self.ctx, self.try_button, steps, "stopTrialButton")
        card.column.addWidget(self.trying)
        self._words.append(words)

    # -- what is shown ---------------------------------------------------------------------------------

    def summary(self) -> str:
        return summary_words(self._standing, self.ctx.clock(), self.ctx.zone)

    def put_config(self, config: Config) -> None:
        for stepper, key in ((self.hours, "hours"), (self.keep_count, "keep")):
            stepper.blockSignals(True)
            stepper.setValue(int(config.get("backup", key)))
            stepper.blockSignals(False)
        if not self.folder.hasFocus():
            self.folder.setText(str(config.get("backup", "folder")))
            self.field.set_error("")
        if self._standing is not None and self._standing.plan != config.backups:
            self._read()

    def shown(self) -> None:
        self._read()

    def _read_if_seen(self) -> None:
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        # Not in the jobs' thread: a drive that sleeps or hangs would hold up the orders.
        if self._reader.busy:
            self._stale = True
            return
        self._stale = False
        store, plan = self.ctx.store, self.ctx.config.backups

        def look() -> Standing | PosError:
            try:
                return backups.standing(store, plan)
            except PosError as error:
                return error
            finally:
                store.close_thread()

        self._reader.run(look, self._put)

    def _put(self, found: Standing | PosError) -> None:
        if self._stale:
            self._read()
        if isinstance(found, PosError):
            self.trouble.show_result(TestResult(ok=False, sentence=str(found)))
            return
        self._standing = found
        now, zone = self.ctx.clock(), self.ctx.zone
        here = (newest_words(found.first, now, zone), elsewhere_words(found, now, zone) or str(found.folder))
        for pair, words in ((self.here, here), (self.there, copy_words(found, now, zone))):
            for label, text in zip(pair, words, strict=True):
                label.setText(text)
        trouble = second_words(found) if found.second_trouble else ""
        if found.overdue:
            trouble = self.tr("The next backup is overdue. Press Back up now.")
        if trouble:
            self.trouble.show_result(TestResult(ok=False, sentence=trouble))
        else:
            self.trouble.hide()
        self.summary_changed.emit()

    # -- acts ------------------------------------------------------------------------------------------

    def back_up(self) -> None:
        """Make one now."""
        store, plan, who = self.ctx.store, self.ctx.config.backups, self.ctx.who

        def go(_allowed: None) -> None:
            self.making.run(lambda watch: keep_up(store, plan, now=True, observer=watch), self._made)

        # Asked in the jobs' thread, where a manager can approve it in place.
        self.ctx.tasks.run(lambda: check_export(store, who), go, owner=self)

    def _made(self, result: object) -> None:
        if not isinstance(result, Made):
            return
        self._read()
        if result.trouble is not None:
            words = f"{self.tr('Made and checked on this PC.')} {result.trouble.title}"
            self.making.result_line.show_result(TestResult(ok=False, sentence=words))
            return
        text = self.tr("Made and checked, on both drives.") if result.copied else self.tr("Made and checked.")
        self.making.result_line.show_result(TestResult(ok=True, sentence=text))

    def try_restore(self) -> None:
        """Try the newest one out."""
        store, plan, who = self.ctx.store, self.ctx.config.backups, self.ctx.who

        def work(watch: Watch) -> DrillReport:
            return drill(backups.newest_backup(store, plan), store.data_dir, store, watch)

        def go(_allowed: None) -> None:
            self.trying.run(work, self._tried)

        self.ctx.tasks.run(lambda: backups.check_trial(store, who), go, owner=self)

    def _tried(self, result: object) -> None:
        if isinstance(result, DrillReport):
            made = clock_text(result.made_at, self.ctx.clock(), self.ctx.zone) or result.file.name
            words = drill_words(result, made)
            self.trying.result_line.show_result(TestResult(ok=result.ok, sentence=words))

    def choose_folder(self) -> None:
        """Ask for the second folder."""
        dialog = QFileDialog(self.window(), self.tr("Second folder for backups"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._folder_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _folder_chosen(self, name: str) -> None:
        self.folder.setText(name)
        self._save_folder()

    def _save_folder(self) -> None:
        name = self.folder.text().strip()
        if name != self.ctx.config.get("backup", "folder"):
            self.keep("backup", "folder", name, self._failed)
        else:
            self.field.set_error("")

    def _failed(self, error: PosError) -> None:
        if isinstance(error, NotPermittedError):
            self.folder.setText(str(self.ctx.config.get("backup", "folder")))
            self.ctx.problem.emit(error)
            return
        self.field.set_error(self.tr("Enter a whole path, such as /media/stick."))
