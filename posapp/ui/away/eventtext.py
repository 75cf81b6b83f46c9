"""What the history says about changes that were kept while the database was away."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from posapp.storage.rows import EventRow
from posapp.ui.delegates.age import duration_text
from posapp.ui.words import status_word

translate = QCoreApplication.translate


def kept_text(event: EventRow) -> str:
    """Return the sentence of such an event, "" for any other."""
    get = event.params.get
    if event.kind not in {"brought_in", "kept_taken", "kept_dropped"}:
        return ""
    if event.kind == "brought_in":
        seconds = get("seconds", "")
        late = duration_text(int(seconds) if seconds.isdecimal() else 0, exact=True)
        return translate("history", "Saved %1 later: the database had been away").replace("%1", late)
    text = (
        translate("history", "Done after all: “%1”, as %2 wanted while the database was away")
        if event.kind == "kept_taken"
        else translate("history", "Left as it is; %2 wanted “%1” while the database was away")
    )
    return text.replace("%1", status_word(get("to", ""))).replace("%2", get("by", ""))
