"""The running app on a directory of its own, with a real shop server where one is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from posapp import config_file
from posapp.app import App, build
from posapp.config import RemoteConfig
from posapp.secrets import SecretStore
from posapp.ui.main_window import MainWindow
from posapp.ui.screens.settings import SettingsPage
from posapp.ui.widgets.dialog import Dialog
from tests.support.clipping import find_clipped
from tests.support.faulty_remote import FaultyRemote

W = TypeVar("W", bound=QWidget)
KEY = "key-of-the-test-shop"


class ChosenClock:
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 14, 42, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Running:
    """The app with hands to work with."""

    app: App
    bot: QtBot

    @property
    def window(self) -> MainWindow:
        return self.app.window

    @property
    def settings(self) -> SettingsPage:
        return self.find(SettingsPage, "settingsPage")

    def find(self, kind: type[W], name: str) -> W:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def rest(self) -> None:
        assert self.app.wait_idle(15)

    def dialog(self) -> Dialog:
        self.rest()
        shown = [dialog for dialog in self.window.findChildren(Dialog) if dialog.isVisible()]
        assert len(shown) == 1
        return shown[0]

    def no_dialog(self) -> bool:
        self.rest()
        return not any(dialog.isVisible() for dialog in self.window.findChildren(Dialog))

    def clipped(self) -> list[object]:
        self.rest()
        return list(find_clipped(self.window))


Make = Callable[..., Running]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Make]:
    """Build apps that are closed at the end; without `remote` no shop is connected."""
    made: list[App] = []

    def start(*, remote: FaultyRemote | None = None, key: str = KEY, **named: Any) -> Running:
        data_dir = tmp_path / "data"
        data_dir.mkdir(exist_ok=True)
        if remote is not None:
            config_file.add_remote(
                data_dir, RemoteConfig("alma", remote.url, poll_seconds=2, timezone="Asia/Almaty")
            )
        named.setdefault("secrets", SecretStore(tmp_path / "keys", {"POSAPP_REMOTE_ALMA_API_KEY": key}))
        app = build(data_dir, **named)
        made.append(app)
        app.window.resize(1366, 768)
        app.window.show()
        running = Running(app, qtbot)
        running.rest()
        return running

    yield start
    for app in made:
        app.close()


@pytest.fixture
def shop() -> Iterator[FaultyRemote]:
    with FaultyRemote(api_key=KEY) as remote:
        yield remote
