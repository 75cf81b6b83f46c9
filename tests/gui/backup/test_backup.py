"""Settings → Backup: how backups stand, one now, the schedule, and a trial of a restore."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from posapp.config import load
from posapp.domain.people import Role
from posapp.domain.who import station_itself
from posapp.services import people
from posapp.storage import backup_rota, backup_worker
from posapp.storage.backup import verify_file
from posapp.ui.settings.backup import BackupSection
from posapp.ui.settings.slow import Slow
from posapp.ui.shop_form import TestLine
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.inputs import TextInput
from tests.gui.shell.conftest import Make, Running
from tests.support.shop_orders import put_in, remote_order


@pytest.fixture
def running(make: Make) -> Running:
    running = make(screen="settings", start_sync=False)
    running.window.open_settings("backup")
    settle(running)
    return running


def section(running: Running) -> BackupSection:
    found = running.settings.section("backup")
    assert isinstance(found, BackupSection)
    return found


def finish(running: Running, slow: Slow) -> str:
    running.rest()
    running.bot.waitUntil(lambda: not slow._aside.busy, timeout=20_000)
    settle(running)
    return slow.result_line.text


def settle(running: Running) -> None:
    """Let what the section reads in its own thread arrive."""
    running.rest()
    running.bot.waitUntil(lambda: not section(running)._reader.busy, timeout=20_000)
    running.rest()


def words(running: Running, name: str) -> str:
    return running.find(QLabel, name).text()


def set_folder(running: Running, text: str) -> None:
    folder = running.find(TextInput, "backupFolder")
    folder.setFocus()
    folder.setText(text)
    QTest.keyClick(folder, Qt.Key.Key_Return)
    settle(running)


def backups_of(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "data" / "backups").iterdir())


def test_a_backup_is_made_by_one_click_and_shown(running: Running, tmp_path: Path) -> None:
    assert words(running, "backupHere") == "No backup yet"
    assert section(running).summary() == "None yet"
    (tmp_path / "stick").mkdir()
    set_folder(running, str(tmp_path / "stick"))
    assert words(running, "backupThere") == "No copy yet"

    running.find(Button, "backUpNowButton").click()

    assert finish(running, section(running).making) == "Made and checked, on both drives."
    [file] = backups_of(tmp_path)
    assert verify_file(tmp_path / "stick" / file.name).ok
    assert " kB" in words(running, "backupHere")
    assert words(running, "backupThere") == words(running, "backupHere")
    assert words(running, "backupTherePlace") == str(tmp_path / "stick")
    assert section(running).summary() not in {"", "None yet"}
    assert running.clipped() == []


def test_a_drive_that_is_away_is_told_with_the_remedy(running: Running, tmp_path: Path) -> None:
    set_folder(running, str(tmp_path / "away"))
    assert section(running).summary() == "Second folder: look"
    assert "Connect the drive" in running.find(TestLine, "backupTrouble").text

    running.find(Button, "backUpNowButton").click()

    assert "Made and checked on this PC." in finish(running, section(running).making)
    assert len(backups_of(tmp_path)) == 1
    assert running.clipped() == []


def test_the_schedule_is_saved_at_once(running: Running, tmp_path: Path) -> None:
    running.find(Stepper, "backupHours").setValue(0)
    running.rest()
    running.find(Stepper, "backupKeep").setValue(30)
    running.rest()
    plan = load(tmp_path / "data").backups
    assert (plan.hours, plan.keep) == (0, 30)

    set_folder(running, "stick")

    assert "whole path" in section(running).field.error
    assert load(tmp_path / "data").backups.folder == ""


def test_a_trial_tells_in_plain_words_what_the_backup_holds(running: Running, tmp_path: Path) -> None:
    store = running.app.store
    running.find(Button, "tryRestoreButton").click()
    assert "There is no backup yet." in finish(running, section(running).trying)
    put_in(store, remote_order("r1"), remote_order("r2"))
    running.find(Button, "backUpNowButton").click()
    finish(running, section(running).making)
    put_in(store, remote_order("r3"))

    running.find(Button, "tryRestoreButton").click()

    said = finish(running, section(running).trying)
    assert "can be restored. It holds 2 orders" in said
    assert "Since then came: 1 order" in said
    assert not (tmp_path / "data" / "drill").exists()
    assert running.clipped() == []


def test_a_backup_can_be_stopped_and_leaves_nothing(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, real = threading.Event(), threading.Event(), backup_rota.check_room

    def wait(folder: Path, needed: int) -> None:
        begun.set()
        go_on.wait(20)
        real(folder, needed)

    monkeypatch.setattr(backup_rota, "check_room", wait)
    running.find(Button, "backUpNowButton").click()
    running.bot.waitUntil(begun.is_set, timeout=20_000)
    stop = running.find(Button, "stopBackupButton")
    assert stop.isVisible()
    assert stop.hasFocus()
    QTest.keyClick(stop, Qt.Key.Key_Space)
    go_on.set()

    assert "Stopped." in finish(running, section(running).making)
    assert backups_of(tmp_path) == []
    assert running.find(Button, "backUpNowButton").hasFocus()


def test_the_window_makes_the_backup_of_the_day_by_itself(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_worker, "FIRST_S", 0)
    running = make(screen="settings", start_sync=False)
    running.window.open_settings("backup")
    folder = tmp_path / "data" / "backups"
    running.bot.waitUntil(lambda: bool(list(folder.glob("posapp-*z.db"))), timeout=20_000)
    section(running).shown()
    settle(running)
    assert "kB" in words(running, "backupHere")


def test_a_drive_that_hangs_holds_up_no_order(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, asked, real = threading.Event(), threading.Event(), backup_rota.kept_in

    def hang(folder: Path, stamp: str) -> list[backup_rota.KeptBackup]:
        asked.set()
        go_on.wait(20)
        return real(folder, stamp)

    monkeypatch.setattr(backup_rota, "kept_in", hang)
    section(running).shown()
    assert asked.wait(20)
    done: list[int] = []
    running.app.context.tasks.run(lambda: 1, done.append)
    running.bot.waitUntil(lambda: done == [1], timeout=5_000)
    go_on.set()
    settle(running)


def test_who_may_not_is_asked_for_a_managers_pin(running: Running, tmp_path: Path) -> None:
    store = running.app.store
    station = station_itself("counter-1")
    people.add_person(store, "Olga", Role.MANAGER, "735928", station)
    boss = people.sign_in_by_pin(store, "735928", "counter-1").who
    people.add_person(store, "Aigerim", Role.COUNTER, "1397", boss)
    running.app.context.put_signed_in(people.sign_in_by_pin(store, "1397", "counter-1").who)
    running.rest()
    running.window.open_settings("backup")
    settle(running)

    running.find(Button, "backUpNowButton").click()

    assert running.dialog().windowTitle() == "Exporting data needs a manager."
    assert backups_of(tmp_path) == []
    running.dialog().reject()
    assert running.no_dialog()


def test_it_is_found_by_its_words(running: Running) -> None:
    running.window.open_settings("look")
    running.settings.list.search.setText("restore")
    assert running.settings.list.current == "backup"
