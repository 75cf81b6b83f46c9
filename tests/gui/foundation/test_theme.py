"""The tokens keep their promises of contrast, and a switch of theme reaches what is on the screen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp import resources
from posapp.domain.status import Status
from posapp.ui.icons import icon_pixmap
from posapp.ui.theme import Theme, ThemeName, apply_theme, current_theme, load_theme
from posapp.ui.widgets.banner import Banner, BannerTone
from posapp.ui.widgets.text import PlainLabel

THEMES: tuple[ThemeName, ...] = ("light", "dark")
TEXT_PAIRS = [
    *[(ink, back) for ink in ("text", "text2") for back in ("bg", "surface", "sunken", "hover", "selected")],
    *[("text3", back) for back in ("bg", "surface", "sunken", "hover", "selected")],
    *[("on_accent", back) for back in ("accent", "accent_hover", "accent_press")],
    *[("accent_text", back) for back in ("surface", "bg", "accent_tint", "selected")],
    *[(f"{tone}_text", back) for tone in ("danger", "warn", "ok") for back in ("surface", f"{tone}_tint")],
    ("on_danger", "danger"),
    ("on_warn", "warn"),
    ("on_toast", "toast"),
    ("toast_action", "toast"),
    ("on_rail", "rail"),
    ("on_rail_active", "rail_active"),
]
SHAPE_PAIRS = [
    (shape, back)
    for shape in ("border_strong", "accent", "danger", "warn", "ok", "focus")
    for back in ("surface", "bg")
]


def contrast(first: QColor, second: QColor) -> float:
    """Return the WCAG contrast ratio of two colours."""
    lights = sorted((_luminance(first), _luminance(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("name", THEMES)
def test_text_stands_out_from_everything_it_is_written_on(name: ThemeName) -> None:
    colours = load_theme(name).palette
    weak = [
        (ink, back, round(ratio, 2))
        for ink, back in TEXT_PAIRS
        if (ratio := contrast(colours.by_name(ink), colours.by_name(back))) < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize("name", THEMES)
def test_borders_icons_and_the_focus_ring_stand_out(name: ThemeName) -> None:
    colours = load_theme(name).palette
    weak = [pair for pair in SHAPE_PAIRS if contrast(colours.by_name(pair[0]), colours.by_name(pair[1])) < 3]
    assert weak == []


@pytest.mark.parametrize("name", THEMES)
def test_statuses_and_sync_states_are_legible_on_tints_and_selected_rows(name: ThemeName) -> None:
    theme = load_theme(name)
    for look in (*theme.status.values(), *theme.sync.values()):
        assert contrast(look.text, look.tint) >= 4.5
        assert contrast(look.solid, look.tint) >= 3
        assert contrast(look.solid, theme.palette.surface) >= 3
        assert contrast(look.text, theme.palette.selected) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_badges_of_the_rail_are_legible(name: ThemeName) -> None:
    theme = load_theme(name)
    assert contrast(theme.on_rail_badge, theme.rail_badge) >= 4.5
    assert contrast(theme.on_rail_badge, theme.rail_alarm) >= 4.5


def test_contrasts_agree_with_those_the_designer_measured() -> None:
    tokens: dict[str, Any] = json.loads(resources.text("theme/tokens.json"))
    for pair, values in tokens["measured"]["text"].items():
        ink, _, back = pair.partition(" on ")
        for name in THEMES:
            colours = load_theme(name).palette
            ratio = contrast(colours.by_name(ink), colours.by_name(back))
            assert ratio == pytest.approx(values[name], abs=0.02)


@pytest.mark.parametrize("name", THEMES)
def test_every_status_has_a_look_whose_icon_can_be_painted(name: ThemeName) -> None:
    theme = load_theme(name)
    assert set(theme.status) == {str(status) for status in Status}
    for look in (*theme.status.values(), *theme.sync.values()):
        assert _painted(look.icon, look.solid)
        assert _painted(look.icon.removesuffix("-fill"), look.solid)


def _painted(icon: str, colour: QColor) -> bool:
    image = icon_pixmap(icon, 20, colour).toImage()
    return any(image.pixelColor(x, y).alpha() > 0 for x in range(20) for y in range(20))


def test_a_switch_of_theme_recolours_labels_and_banners(qapp: QApplication, qtbot: QtBot) -> None:
    label, banner = PlainLabel("Saved here"), Banner(BannerTone.WARN)
    banner.show_text("Offline")
    for widget in (label, banner):
        qtbot.addWidget(widget)
        widget.show()
    before = label.palette().color(label.foregroundRole()), banner.grab().toImage().pixelColor(30, 5)
    apply_theme(qapp, load_theme("dark"))
    after = label.palette().color(label.foregroundRole()), banner.grab().toImage().pixelColor(30, 5)
    assert before[0] == load_theme("light").palette.text
    assert after[0] == load_theme("dark").palette.text
    assert before[1] == load_theme("light").palette.warn_tint
    assert after[1] == load_theme("dark").palette.warn_tint


def test_the_holder_tells_of_a_switch(qapp: QApplication, qtbot: QtBot) -> None:
    holder = apply_theme(qapp, load_theme("light"))
    with qtbot.waitSignal(holder.themeChanged):
        again = apply_theme(qapp, load_theme("dark"))
    assert again is holder
    assert current_theme().name == "dark"


def test_touch_and_text_scale_grow_controls_and_text(qapp: QApplication, qtbot: QtBot) -> None:
    label = PlainLabel("Кухня", px=14)
    qtbot.addWidget(label)
    label.show()
    apply_theme(qapp, load_theme("light", touch=True, scale=1.5))
    theme: Theme = current_theme()
    assert (theme.control, theme.row) == (72, 114)
    assert label.font().pixelSize() == 21
