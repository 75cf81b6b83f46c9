"""The design tokens as typed values, and the one place that dresses the application in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from posapp import resources
from posapp.ui import fonts
from posapp.ui.contrast import strong_colours, strong_look
from posapp.ui.stylesheet import build_stylesheet

ThemeName = Literal["light", "dark"]
_HOLDER = "posappTheme"


@dataclass(frozen=True, slots=True)
class Palette:
    """Every named colour of one theme; `palette.text.name()` is its hex form."""

    bg: QColor
    surface: QColor
    sunken: QColor
    hover: QColor
    selected: QColor
    border: QColor
    border_strong: QColor
    text: QColor
    text2: QColor
    text3: QColor
    accent: QColor
    accent_hover: QColor
    accent_press: QColor
    on_accent: QColor
    accent_text: QColor
    accent_tint: QColor
    danger: QColor
    danger_text: QColor
    danger_tint: QColor
    on_danger: QColor
    warn: QColor
    warn_text: QColor
    warn_tint: QColor
    on_warn: QColor
    ok: QColor
    ok_text: QColor
    ok_tint: QColor
    toast: QColor
    on_toast: QColor
    toast_action: QColor
    focus: QColor
    rail: QColor
    on_rail: QColor
    on_rail_active: QColor
    rail_active: QColor

    def by_name(self, name: str) -> QColor:
        """Return the colour of that token name."""
        return cast(QColor, getattr(self, name))

    def hexes(self) -> dict[str, str]:
        """Return all colours as "#rrggbb" by token name, for the stylesheet."""
        return {field.name: self.by_name(field.name).name() for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Look:
    """How one status or sync state looks: icon and its three colours."""

    icon: str
    solid: QColor
    text: QColor
    tint: QColor


@dataclass(frozen=True, slots=True)
class BandLook:
    """Colours of one kitchen band."""

    bg: QColor
    fg: QColor
    fg2: QColor


@dataclass(frozen=True, slots=True)
class Sizes:
    """Measures in logical pixels."""

    control: int
    control_touch: int
    primary: int
    kitchen_target: int
    row: int
    row_touch: int
    rail: int
    topbar: int
    icon: int
    focus_ring: int


@dataclass(frozen=True, slots=True)
class Radius:
    """Corner radii in logical pixels."""

    chip: int
    control: int
    card: int
    pill: int


@dataclass(frozen=True, slots=True)
class Motion:
    """Durations in milliseconds; `reduced` replaces them all when animation is off."""

    fast_ms: int
    base_ms: int
    toast_ms: int
    reduced: int


@dataclass(frozen=True, slots=True)
class Theme:
    """All that a widget needs to paint itself."""

    name: ThemeName
    palette: Palette
    status: Mapping[str, Look]
    sync: Mapping[str, Look]
    kitchen: Mapping[str, BandLook]
    size: Sizes
    radius: Radius
    motion: Motion
    rail_badge: QColor
    rail_alarm: QColor
    on_rail_badge: QColor
    touch: bool = False
    scale: float = 1.0
    contrast: bool = False

    def px(self, base: int) -> int:
        """Return a measure grown by the text scale of the settings (1.0 to 1.5)."""
        return round(base * self.scale)

    @property
    def control(self) -> int:
        """Return the height of an ordinary control: 40, or 48 for touch."""
        return self.px(self.size.control_touch if self.touch else self.size.control)

    @property
    def row(self) -> int:
        """Return the height of an order row."""
        return self.px(self.size.row_touch if self.touch else self.size.row)

    def font(self, px: int, weight: int = fonts.REGULAR) -> QFont:
        """Return the app's font at a design size, text scale included."""
        return fonts.font(self.px(px), weight)


class ThemeHolder(QObject):
    """Holds the theme in use; there is one per QApplication, and painted widgets ask it."""

    themeChanged = Signal()

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme

    def put(self, theme: Theme) -> None:
        """Replace the theme and tell whoever keeps things derived from it."""
        self.theme = theme
        self.themeChanged.emit()


def load_theme(name: ThemeName, *, touch: bool = False, scale: float = 1.0, contrast: bool = False) -> Theme:
    """Read the tokens and return the theme of that name."""
    theme = _plain_theme(name, touch=touch, scale=scale)
    if not contrast:
        return theme
    dark = name == "dark"
    colours = {field.name: theme.palette.by_name(field.name) for field in fields(Palette)}
    return replace(
        theme,
        palette=Palette(**strong_colours(colours, dark=dark)),
        status={key: _strong(look, dark=dark) for key, look in theme.status.items()},
        sync={key: _strong(look, dark=dark) for key, look in theme.sync.items()},
        contrast=True,
    )


def _strong(look: Look, *, dark: bool) -> Look:
    colours = {"solid": look.solid, "text": look.text}
    return replace(look, **strong_look(colours, dark=dark))  # type: ignore[arg-type]


def _plain_theme(name: ThemeName, *, touch: bool, scale: float) -> Theme:
    tokens: dict[str, Any] = json.loads(resources.text("theme/tokens.json"))
    return Theme(
        name=name,
        palette=Palette(**_colours(tokens["color"][name])),
        status={key: _look(entry, name) for key, entry in tokens["status"].items()},
        sync=_sync_looks(tokens["sync"], name),
        kitchen={key: BandLook(**_colours(entry)) for key, entry in tokens["kitchen"].items()},
        size=Sizes(**tokens["size"]),
        radius=Radius(**tokens["radius"]),
        motion=Motion(**tokens["motion"]),
        # The rail is dark in both themes, so its badges are the same in both.
        rail_badge=QColor(tokens["color"]["light"]["accent"]),
        rail_alarm=QColor(tokens["color"]["light"]["danger"]),
        on_rail_badge=QColor(tokens["color"]["light"]["on_accent"]),
        touch=touch,
        scale=scale,
    )


def _colours(entry: Mapping[str, str]) -> dict[str, QColor]:
    return {key: QColor(value) for key, value in entry.items()}


def _look(entry: Mapping[str, Any], name: ThemeName) -> Look:
    return Look(icon=entry["icon"], **_colours(entry[name]))


def _sync_looks(entries: Mapping[str, Any], name: ThemeName) -> dict[str, Look]:
    looks = {key: _look(entry, name) for key, entry in entries.items()}
    calm = looks["synced"]
    # A counter order never travels: it wears the calm colours and the sign of this station.
    looks["local"] = Look(icon="desktop-fill", solid=calm.solid, text=calm.text, tint=calm.tint)
    # On this computer's disk, and not in the database yet.
    looks["kept"] = replace(looks["pending"], icon="hard-drives-fill")
    return looks


def system_theme_name(app: QApplication) -> ThemeName:
    """Return the theme that the desktop asks for."""
    return "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def apply_theme(app: QApplication, theme: Theme) -> ThemeHolder:
    """Dress the whole application in the theme, at start and at every later switch."""
    fonts.load_fonts()
    holder = app.property(_HOLDER)
    if isinstance(holder, ThemeHolder):
        holder.theme = theme
    else:
        holder = ThemeHolder(theme, app)
        app.setProperty(_HOLDER, holder)
    app.setFont(theme.font(14))
    app.setPalette(build_palette(theme.palette))
    # The sheet comes after the palette, always: Qt resolves palette() once, when it parses the sheet.
    colours, radius = theme.palette.hexes(), theme.radius.control
    app.setStyleSheet(build_stylesheet(colours, radius, theme.px(13), theme.control))
    holder.put(theme)
    return holder


def theme_holder() -> ThemeHolder | None:
    """Return the application's holder, or None before the first `apply_theme`."""
    app = QApplication.instance()
    found = app.property(_HOLDER) if app is not None else None
    return found if isinstance(found, ThemeHolder) else None


def current_theme() -> Theme:
    """Return the theme in use; `apply_theme` has to come first."""
    holder = theme_holder()
    if holder is None:
        raise RuntimeError("apply_theme() must run before a widget is made")
    return holder.theme


def build_palette(colours: Palette) -> QPalette:
    """Return the QPalette for what Qt paints by itself."""
    role = QPalette.ColorRole
    pairs = {
        role.Window: colours.bg,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.bg,
        role.Text: colours.text,
        role.Button: colours.surface,
        role.ButtonText: colours.text,
        role.BrightText: colours.on_accent,
        role.ToolTipBase: colours.toast,
        role.ToolTipText: colours.on_toast,
        role.PlaceholderText: colours.text3,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent_text,
        role.LinkVisited: colours.accent_text,
        role.Light: colours.surface,
        role.Midlight: colours.hover,
        role.Mid: colours.border,
        role.Dark: colours.border_strong,
        role.Shadow: colours.border_strong,
    }
    palette = QPalette()
    for key, colour in pairs.items():
        palette.setColor(key, colour)
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, colours.text3)
    return palette
