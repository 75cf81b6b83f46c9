"""Keeps the application in the look that the settings, the desktop and the hand of the person ask for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication

from posapp.config import Config
from posapp.ui.theme import Theme, ThemeHolder, ThemeName, apply_theme, load_theme, system_theme_name

_AFTER_TOUCH_MS = 50  # what the touch did is done, and nothing moves under the finger
_NO_DOUBLE_MS = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that a look is made of."""

    name: ThemeName
    touch: bool
    scale: float
    contrast: bool

    def theme(self) -> Theme:
        """Return the theme that looks so."""
        return load_theme(self.name, touch=self.touch, scale=self.scale, contrast=self.contrast)


def theme_name(app: QApplication, config: Config) -> ThemeName:
    """Return the theme to wear."""
    match config.get("look", "theme"):
        case "light":
            return "light"
        case "dark":
            return "dark"
        case _:
            return system_theme_name(app)


def wants_contrast(app: QApplication, config: Config) -> bool:
    """Tell whether the settings, or the desktop if they leave it to it, ask for high contrast."""
    chosen = config.get("look", "contrast")
    if chosen != "system":
        return bool(chosen == "on")
    hints = getattr(app.styleHints(), "accessibility", None)  # Qt tells since 6.10
    return hints is not None and hints().contrastPreference() == Qt.ContrastPreference.HighContrast


def wanted_look(app: QApplication, config: Config, *, touched: bool) -> Wanted:
    """Return the look to wear; `touched` tells whether somebody has used the screen with a finger."""
    touch = config.get("look", "touch")
    return Wanted(
        theme_name(app, config),
        touch == "on" or (touch == "auto" and touched),
        config.get("look", "text_scale") / 100,
        wants_contrast(app, config),
    )


class LookKeeper(QObject):
    """Follows the settings, the desktop while they say so, and the first touch of any window."""

    def __init__(self, app: QApplication, config: Config) -> None:
        super().__init__()
        self._app = app
        self._config = config
        self._touched = False
        self._worn = wanted_look(app, config, touched=False)
        self._double_ms = app.styleHints().mouseDoubleClickInterval()
        self.holder: ThemeHolder = apply_theme(app, self._worn.theme())
        self._keep_taps_single()
        app.styleHints().colorSchemeChanged.connect(self._follow)
        accessibility = getattr(app.styleHints(), "accessibility", None)
        if accessibility is not None:
            accessibility().contrastPreferenceChanged.connect(self._follow)
        app.focusWindowChanged.connect(self.watch)

    def put(self, config: Config) -> None:
        """Take over new settings."""
        self._config = config
        self._follow()

    def watch(self, window: QWindow | None) -> None:
        """Look out for the first touch of a window; the one with the focus is watched by itself."""
        # A filter on the windows and not on the application, which would see every event of every widget.
        if window is not None and not self._touched:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.TouchEnd and not self._touched:
            self._touched = True
            QTimer.singleShot(_AFTER_TOUCH_MS, self, self._follow)
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        wanted = wanted_look(self._app, self._config, touched=self._touched)
        if wanted != self._worn:
            self._worn = wanted
            apply_theme(self._app, wanted.theme())
            self._keep_taps_single()

    def _keep_taps_single(self) -> None:
        """Let each tap count: a list that a finger scrolls loses the second one of a double click."""
        self._app.styleHints().setMouseDoubleClickInterval(
            _NO_DOUBLE_MS if self._worn.touch else self._double_ms
        )
