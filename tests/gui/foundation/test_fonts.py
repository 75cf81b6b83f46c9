"""The shipped typefaces: names of every alphabet here, without a word to whoever reads the terminal."""

from __future__ import annotations

import subprocess
import sys

_DRAW = """
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from posapp.ui import fonts
app = QApplication(["posapp"])
fonts.load_fonts()
picture = QPixmap(400, 60)
painter = QPainter(picture)
for weight in (fonts.REGULAR, fonts.BOLD):
    painter.setFont(fonts.font(15, weight))
    painter.drawText(10, 40, "सुनिता श्रेष्ठ, Қымбат, Sunita")
painter.end()
print(fonts.text_width("सुनिता", 15) != fonts.text_width("□□□□□□", 15))
"""


def test_a_name_in_devanagari_is_drawn_without_a_word() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _DRAW], check=True, capture_output=True, text=True, timeout=30
    )
    assert (ran.stdout, ran.stderr) == ("True\n", "")
