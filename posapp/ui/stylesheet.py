"""The one application-level stylesheet, written from the colour tokens."""

from __future__ import annotations

from collections.abc import Mapping

# Label tones that PlainLabel can wear; each is the name of a colour token.
TONES = (
    "text",
    "text2",
    "text3",
    "accent_text",
    "danger_text",
    "warn_text",
    "ok_text",
    "on_toast",
    "on_accent",
    "on_rail",
)

# Combo boxes and spin boxes are painted by their own classes: styling parts of them breaks their arrows.
_SHEET = """
QToolTip {{ background: {toast}; color: {on_toast}; border: 1px solid {toast}; border-radius: 6px;
    padding: 5px 8px; font-size: {small}px; }}
QAbstractScrollArea {{ border: 0; }}
TextInput, SearchField {{ background: {surface}; color: {text}; border: 1px solid {border_strong};
    border-radius: {radius}px; padding: 0 9px 2px 9px; placeholder-text-color: {text3};
    selection-background-color: {accent}; selection-color: {on_accent}; }}
TextInput:focus, SearchField:focus {{ border: 2px solid {focus}; padding: 0 8px 2px 8px; }}
TextInput[invalid="true"] {{ border: 2px solid {danger}; padding: 0 8px 2px 8px; }}
TextInput:disabled, SearchField:disabled {{ background: {sunken}; color: {text3};
    border: 1px solid {border}; }}
TextArea {{ background: {surface}; color: {text}; border: 1px solid {border_strong};
    border-radius: {radius}px; padding: 6px; selection-background-color: {accent};
    selection-color: {on_accent}; }}
TextArea:focus {{ border: 2px solid {focus}; padding: 5px; }}
ComboBox QAbstractItemView {{ background: {surface}; color: {text}; border: 1px solid {border_strong};
    padding: 4px; outline: 0; selection-background-color: {selected}; selection-color: {text}; }}
ComboBox QAbstractItemView::item {{ min-height: {entry}px; padding: 0 6px; border-radius: 6px; }}
ComboBox QAbstractItemView::item:selected {{ background: {selected}; color: {text}; }}
QMenu {{ background: {surface}; color: {text}; border: 1px solid {border}; border-radius: {radius}px;
    padding: 6px; }}
QMenu::item {{ padding: {around}px 28px {around}px 12px; border-radius: 6px; min-width: 140px; }}
QMenu::icon {{ padding-left: 12px; }}
QMenu::item:selected {{ background: {selected}; color: {text}; }}
QMenu::item:disabled {{ color: {text3}; }}
QMenu::separator {{ height: 1px; background: {border}; margin: 6px 4px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {border_strong}; border-radius: 3px; }}
QScrollBar::handle:vertical {{ min-height: 40px; margin: 2px 3px; }}
QScrollBar::handle:horizontal {{ min-width: 40px; margin: 3px 2px; }}
QScrollBar::handle:hover {{ background: {text3}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def build_stylesheet(colours: Mapping[str, str], radius: int, small_px: int, control: int) -> str:
    """Return the sheet; `colours` maps token names to "#rrggbb", `control` is the height of a control."""
    entries = {"entry": control - 6, "around": (control - 22) // 2}
    tones = "".join(f'PlainLabel[tone="{tone}"] {{ color: {colours[tone]}; }}\n' for tone in TONES)
    return tones + _SHEET.format(radius=radius, small=small_px, **entries, **colours)
