"""Every test here runs in the light theme, as the first start of the app does."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from posapp.ui.theme import apply_theme, load_theme


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> QApplication:
    apply_theme(qapp, load_theme("light"))
    return qapp
