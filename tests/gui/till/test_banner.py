"""What is needed to sell stays in sight while something over the screen tells of a problem."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.ui.shell_parts import ProblemBar
from tests.gui.till.conftest import Till


def whole(widget: QWidget) -> bool:
    return widget.visibleRegion().boundingRect().size() == widget.size()


def test_split_stays_in_sight_under_a_banner(till: Till) -> None:
    till.tap("cola")
    payment = till.page.payment
    till.until(lambda: whole(payment.split_button))
    key = payment.pad.keys["5"]
    assert key.height() == 56

    words = "Look whether it is on paper. Ctrl+Shift+P opens the print queue."
    till.app.context.problem.emit(PosError("A receipt did not come out.", "The printer is off.", words))
    bar = till.app.window.findChild(ProblemBar)
    assert bar is not None
    till.until(bar.isVisible)
    till.until(lambda: whole(payment.split_button))
    assert 42 <= key.height() <= 56
    assert whole(payment.take_button)
    assert whole(payment.pad.keys["0"])
    assert payment.split_button.size() != QSize(0, 0)
    assert till.clipped() == []
