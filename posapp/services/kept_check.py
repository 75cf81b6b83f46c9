"""What the doctor says about changes that are kept on this computer."""

from __future__ import annotations

from pathlib import Path

from posapp.services.doctor import Check
from posapp.storage.kept import KeptJournal


def check_kept(data_dir: Path) -> Check:
    """Tell how many changes are only in this station's journal; works while the database is away."""
    journal = KeptJournal(data_dir)
    figures = journal.figures
    journal.close()
    if figures.needs:
        detail = f"{figures.needs} for a person, {figures.waiting + figures.behind} waiting."
        remedy = "Open the window and decide: the bar over every screen leads to them."
        return Check("kept changes", ok=False, detail=detail, remedy=remedy)
    if figures.waiting:
        detail = f"{figures.waiting} kept on this computer until the database is here."
        remedy = "Keep this computer's disk; the window or posapp sync --watch brings them in."
        return Check("kept changes", ok=False, detail=detail, remedy=remedy, exit_code=4)
    return Check("kept changes", ok=True, detail="Nothing is kept on this computer alone.")
