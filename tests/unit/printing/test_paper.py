"""Tickets painted by Qt: as a PDF of their own length, and over the pages of a system's printer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter

from posapp.domain.errors import StorageError
from posapp.printing.document import Align, Document, Size, columns, gap, rule, text
from posapp.printing.printers import Printer
from posapp.printing.trouble import PrintTroubleError
from posapp.ui.fonts import load_fonts
from posapp.ui.paper import Sheet, paint_pages, pdf_of, print_on_system, write_pdf
from tests.support.escpos_reader import Paper, Picture
from tests.support.glyphs import missing

TICKET = Document(
    (
        text("Alma", align=Align.CENTER, bold=True, size=Size.TALL),
        rule(),
        columns("2 x Маргарита", "5 200"),
        columns("1 x Қуырдақ үлкен", "900"),
        text("मोमो भेज", indent=4),
        gap(),
        text("NUTS", bold=True),
    )
)


@pytest.fixture(autouse=True)
def fonts(qapp: object) -> None:
    load_fonts()


def painted(document: Document, dots: int) -> Picture:
    sheet = Sheet(document, dots)
    image = QImage(dots, int(sheet.height) + 1, QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    sheet.paint(painter, 0, 0)
    painter.end()
    data, step = bytes(image.constBits()), image.bytesPerLine()
    rows = (data[y * step : y * step + dots] for y in range(image.height()))
    return Picture(dots, tuple(int("".join("1" if level < 128 else "0" for level in row), 2) for row in rows))


@pytest.mark.parametrize("dots", [384, 576])
def test_every_word_is_on_the_paper(dots: int) -> None:
    paper = Paper(pictures=[painted(TICKET, dots)])

    assert missing(paper, "Alma 2 x Маргарита 5 200 Қуырдақ үлкен 900 मोमो भेज NUTS") == []


def test_a_pdf_is_one_page_as_long_as_the_ticket(tmp_path: Path) -> None:
    long = Document(TICKET.blocks * 30)
    for document in (TICKET, long):
        data = pdf_of(document, 80)
        assert len(re.findall(rb"/Type\s*/Page\b", data)) == 1
    write_pdf(TICKET, str(tmp_path / "a.pdf"), 58)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")
    with pytest.raises(StorageError, match="cannot be written"):
        write_pdf(TICKET, str(tmp_path))


def test_a_long_ticket_goes_over_several_pages() -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))

    paint_pages(Document(TICKET.blocks * 30), writer, 576)

    assert len(re.findall(rb"/Type\s*/Page\b", bytes(buffer.data().data()))) > 2


def test_a_printer_that_the_system_does_not_have_is_named() -> None:
    with pytest.raises(PrintTroubleError) as caught:
        print_on_system(TICKET, Printer("office", "No Such Printer", kind="system"))

    assert caught.value.reason == "There is no printer “No Such Printer” in the system."
    assert caught.value.reached is False
