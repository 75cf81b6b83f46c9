"""Editing one field of an order, and what a refusal has to be."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from posapp.domain.rules import Checked, check_values

ZONE = ZoneInfo("Asia/Kathmandu")


def edit(name: str, text: str, form: str = "staff") -> Checked:
    """Check one field, of the staff format unless another is named."""
    return check_values(form, {name: text}, ZONE)


def assert_refused(checked: Checked, name: str) -> str:
    """Return the sentence that refuses the field, once it is sure to be one."""
    assert name not in checked.values
    sentence = checked.errors[name]
    assert re.fullmatch(r"[“A-Z].*[.?]", sentence), sentence
    assert sentence.isprintable()
    return sentence
