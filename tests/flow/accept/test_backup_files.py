"""Backups that somebody else had in hand."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.flow.accept.conftest import Posapp


@pytest.mark.parametrize(
    "smuggled",
    [
        "CREATE TRIGGER tidy AFTER INSERT ON events BEGIN DELETE FROM orders; END",
        "CREATE VIEW tidy AS SELECT * FROM orders",
    ],
)
def test_a_backup_with_code_of_its_own_is_not_restored(posapp: Posapp, tmp_path: Path, smuggled: str) -> None:
    backup = tmp_path / "backup.db"
    assert posapp("sample-data", "--orders", "3", "--json").code == 0
    assert posapp("backup", str(backup), "--json").code == 0
    assert posapp("verify", str(backup), "--json").code == 0
    with sqlite3.connect(backup) as database:
        database.execute(smuggled)
    database.close()
    verified = posapp("verify", str(backup), "--json")
    assert verified.code == 3
    assert verified.data["ok"] is False
    assert "tidy" in verified.data["detail"]
    assert posapp("restore", str(backup), "--json").code == 3
    assert posapp("orders", "list", "--json").data["total"] == 3
