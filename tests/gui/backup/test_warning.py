"""The window warns when there has been no backup for too long, and only then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from posapp.domain.backups import BackupPlan
from posapp.storage.backup_rota import keep_up
from posapp.ui.widgets.banner import Banner
from tests.gui.shell.conftest import ChosenClock, Make, Running


def look(running: Running) -> Banner:
    running.window.watch.backups.look()
    running.bot.waitUntil(lambda: not running.window.watch.backups.busy, timeout=20_000)
    running.rest()
    return running.find(Banner, "backupBanner")


def test_a_backup_that_is_overdue_is_told_until_there_is_one(make: Make) -> None:
    clock = ChosenClock()
    running = make(start_sync=False, clock=clock)
    keep_up(running.app.store, BackupPlan(), now=True)
    assert not look(running).isVisible()
    clock.now += timedelta(hours=47)
    assert not look(running).isVisible()
    clock.now += timedelta(hours=27)

    bar = look(running)

    assert bar.isVisible()
    assert bar.text == "No backup for 3 days."
    assert running.clipped() == []
    bar.triggered.emit()
    running.rest()
    assert running.window.stack.currentWidget() is running.settings
    assert running.settings.section("backup").isVisible()

    keep_up(running.app.store, BackupPlan(), now=True)

    assert not look(running).isVisible()


def test_who_wants_no_backups_is_not_warned(make: Make, tmp_path: Path) -> None:
    clock = ChosenClock()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "posapp.toml").write_text("[backup]\nhours = 0\n")
    running = make(start_sync=False, clock=clock)
    clock.now += timedelta(days=400)
    assert not look(running).isVisible()
