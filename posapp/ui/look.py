"""Keeps the application in the theme that the settings, or the desktop, ask for."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from posapp.config import Config
from posapp.ui.theme import ThemeHolder, ThemeName, apply_theme, load_theme, system_theme_name


def theme_name(app: QApplication, config: Config) -> ThemeName:
    """Return the theme to wear."""
    match config.get("look", "theme"):
        case "light":
            return "light"
        case "dark":
            return "dark"
        case _:
            return system_theme_name(app)


class LookKeeper(QObject):
    """Follows the setting, and the desktop while the setting says so."""

    def __init__(self, app: QApplication, config: Config) -> None:
        super().__init__()
        self._app = app
        self._config = config
        self.holder: ThemeHolder = apply_theme(app, load_theme(theme_name(app, config)))
        app.styleHints().colorSchemeChanged.connect(self._follow)

    def put(self, config: Config) -> None:
        """Take over new settings."""
        self._config = config
        self._follow()

    def _follow(self) -> None:
        wanted = theme_name(self._app, self._config)
        if wanted != self.holder.theme.name:
            apply_theme(self._app, load_theme(wanted))
