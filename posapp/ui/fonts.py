"""The shipped typefaces: registered once, asked for by size and weight."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics

from posapp import resources

FAMILIES = ("Inter", "Noto Sans Devanagari")
REGULAR, MEDIUM, SEMIBOLD, BOLD = 400, 500, 600, 700

# Registering all eight takes 3-4 ms: Qt maps the files and reads only their tables, so nothing is gained by
# waiting with the Devanagari ones until a name needs them.
_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Bold.otf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansDevanagari-Medium.ttf",
    "NotoSansDevanagari-SemiBold.ttf",
    "NotoSansDevanagari-Bold.ttf",
)
_TABULAR = QFont.Tag("tnum")


def load_fonts() -> None:
    """Register the shipped fonts with Qt, once per process; needs a QGuiApplication."""
    if FAMILIES[0] in QFontDatabase.families():
        return
    # That Inter has no Devanagari is no news: the second family is there for that.
    QLoggingCategory.setFilterRules("qt.text.font.db.info=false")
    for file in _FILES:
        QFontDatabase.addApplicationFont(str(resources.path(f"fonts/{file}")))


@lru_cache(maxsize=256)
def font(px: int, weight: int = REGULAR) -> QFont:
    """Return the app's font at `px` logical pixels; treat it as read-only, it is shared.

    Digits are tabular, so that codes, sums and running timers stand still.
    """
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPixelSize(px)
    made.setWeight(QFont.Weight(weight))
    made.setFeature(_TABULAR, 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@lru_cache(maxsize=256)
def metrics(px: int, weight: int = REGULAR) -> QFontMetrics:
    """Return the metrics of `font(px, weight)`; shared like the font."""
    return QFontMetrics(font(px, weight))


@lru_cache(maxsize=8192)
def text_width(text: str, px: int, weight: int = REGULAR) -> int:
    """Return the advance of `text` in logical pixels."""
    return metrics(px, weight).horizontalAdvance(text)
