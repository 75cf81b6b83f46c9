"""Tickets painted by Qt: for the preview, for PDF, and for printers of the operating system."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QSizeF
from PySide6.QtGui import (
    QColor,
    QPagedPaintDevice,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
)

from posapp.domain.errors import StorageError
from posapp.domain.text import clean_line
from posapp.printing.document import Align, Block, Document, Mode
from posapp.printing.printers import Printer
from posapp.printing.trouble import PrintTroubleError
from posapp.ui.raster import height_of, ticket_font, width_of, wrapped

DOTS_PER_MM = 8
_DPI = 25.4 * DOTS_PER_MM  # at which a pixel is a printer's dot
_MARGIN = 4 * DOTS_PER_MM
_GAP, _INDENT, _RULE = 12, 12, 18  # dots
_INK = QColor("#000000")


@dataclass(frozen=True, slots=True)
class _Piece:
    """One block with its texts in lines, at its height."""

    block: Block
    height: float
    left: QTextLayout | None = None
    right: QTextLayout | None = None


class Sheet:
    """A ticket in lines for a paper's width; `scale` is in pixels for each of a printer's dots."""

    def __init__(self, document: Document, dots: int, scale: float = 1.0) -> None:
        self._scale = scale
        self.width = dots * scale
        self._pieces = [self._piece(block) for block in document.blocks]
        self.height = sum(piece.height for piece in self._pieces)

    def paint(self, painter: QPainter, left: float, top: float) -> None:
        """Paint the ticket with its upper left corner there."""
        for piece in self._pieces:
            self._paint(painter, piece, left, top)
            top += piece.height

    def pages(self, height: float) -> Iterator[list[_Piece]]:
        """Yield what fits on each page of this height; a block is never cut in two."""
        page: list[_Piece] = []
        used = 0.0
        for piece in self._pieces:
            if page and used + piece.height > height:
                yield page
                page, used = [], 0.0
            page.append(piece)
            used += piece.height
        if page:
            yield page

    def paint_page(self, painter: QPainter, page: list[_Piece], left: float, top: float) -> None:
        """Paint one of the pages."""
        for piece in page:
            self._paint(painter, piece, left, top)
            top += piece.height

    def _piece(self, block: Block) -> _Piece:
        if block.mode is Mode.RULE:
            return _Piece(block, _RULE * self._scale)
        if block.mode is Mode.GAP:
            return _Piece(block, _GAP * self._scale)
        room = self.width - block.indent * _INDENT * self._scale
        right = self._text(block, block.right, room) if block.right else None
        beside = width_of(right) + _GAP * self._scale if right is not None else 0.0
        left = self._text(block, block.left, max(room - beside, room / 4))
        height = max(height_of(left), height_of(right) if right is not None else 0.0)
        return _Piece(block, height, left, right)

    def _text(self, block: Block, words: str, width: float) -> QTextLayout:
        text = clean_line(words)
        return wrapped(text, ticket_font(text, block.size, bold=block.bold, scale=self._scale), width)

    def _paint(self, painter: QPainter, piece: _Piece, left: float, top: float) -> None:
        painter.setPen(QPen(_INK, max(1.0, 2 * self._scale)))
        if piece.block.mode is Mode.RULE:
            middle = top + piece.height / 2
            painter.drawLine(QPointF(left, middle), QPointF(left + self.width, middle))
            return
        indent = piece.block.indent * _INDENT * self._scale
        if piece.left is not None:
            if piece.block.align is Align.CENTER:
                indent = (self.width - width_of(piece.left)) / 2
            piece.left.draw(painter, QPointF(left + indent, top))
        if piece.right is not None:
            piece.right.draw(painter, QPointF(left + self.width - width_of(piece.right), top))


def write_pdf(document: Document, path: str, width_mm: int = 80) -> None:
    """Write a ticket as a PDF of one page as long as it is; raise StorageError when that fails."""
    try:
        Path(path).write_bytes(pdf_of(document, width_mm))
    except OSError as error:
        raise StorageError(
            "The PDF cannot be written.", f"{path}: {error.strerror}.", "Choose another folder."
        ) from error


def pdf_of(document: Document, width_mm: int) -> bytes:
    """Return a ticket as a PDF."""
    dots = 576 if width_mm == 80 else 384
    sheet = Sheet(document, dots)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("posapp")
    size = QSizeF(width_mm, (sheet.height + 2 * _MARGIN) / DOTS_PER_MM)
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(round(_DPI))
    painter = QPainter(writer)
    sheet.paint(painter, (width_mm * DOTS_PER_MM - dots) / 2, _MARGIN)
    painter.end()
    return bytes(buffer.data().data())


def print_on_system(document: Document, printer: Printer) -> None:
    """Hand a ticket to a printer of the operating system; raise PrintTroubleError with the reason."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    name = printer.address
    if QPrinterInfo.printerInfo(name).isNull():
        raise PrintTroubleError(f"There is no printer “{name}” in the system.")
    device = QPrinter(QPrinterInfo.printerInfo(name), QPrinter.PrinterMode.HighResolution)
    device.setDocName("posapp")
    paint_pages(document, device, printer.dots)
    if device.printerState() in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted):
        raise PrintTroubleError(f"The system could not print on “{name}”.", reached=True)


def paint_pages(document: Document, device: QPagedPaintDevice, dots: int) -> None:
    """Paint a ticket in its own width on as many pages as it takes; raise PrintTroubleError."""
    painter = QPainter()
    if not painter.begin(device):
        raise PrintTroubleError("The system does not take this print.")
    try:
        room = painter.viewport()
        # On paper that is narrower than the ticket all of it becomes smaller.
        scale = min(device.logicalDpiX() / _DPI, room.width() / dots)
        sheet = Sheet(document, dots, scale)
        for number, page in enumerate(sheet.pages(room.height())):
            if number and not device.newPage():
                raise PrintTroubleError("The system took only a part of this print.", reached=True)
            sheet.paint_page(painter, page, 0, 0)
    finally:
        painter.end()
