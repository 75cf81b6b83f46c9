"""What is printed is whole, aligned, and harmless to terminals."""

from __future__ import annotations

import io
import json
import sys

import pytest

from posapp.cli.output import Output, json_text, pairs, table
from posapp.domain.errors import RefusedError


def test_columns_are_aligned_by_what_terminals_show() -> None:
    text = table(("A", "B"), [("नेपाली", "1"), ("日本", "2"), ("x", "")])

    # The second and the third take five and four cells.
    assert text.splitlines() == ["A      B", "नेपाली  1", "日本   2", "x"]


def test_long_and_hostile_cells_are_cut_and_cleaned() -> None:
    text = table(("A",), [("y" * 100,), ("a\x1b[2J\nb\u202ec",)], limit=10)

    assert text.splitlines()[1:] == ["y" * 9 + "…", "a[2J bc"]


def test_labels_without_a_value_are_left_out() -> None:
    assert pairs([("Name", "x"), ("Why", ""), ("A longer one", "y")]) == "Name          x\nA longer one  y"
    assert pairs([]) == ""


def test_json_is_one_line_and_keeps_what_is_json_already(monkeypatch: pytest.MonkeyPatch) -> None:
    text = json_text({"a": "ә\n"}, {"raw": '{\n"n": 1.10,\r\n"t": "\\n"}'})

    assert "\n" not in text
    assert '"n": 1.10' in text
    assert json.loads(text) == {"a": "ә\n", "raw": {"n": 1.1, "t": "\n"}}


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "koi8-r"])
def test_json_survives_terminals_that_lack_letters(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    value = {"a": "ә 日本 🥜 é", "half": "\ud800"}

    text = json_text(value, {"raw": '{"б": "🥜"}'})

    assert json.loads(text.encode(encoding)) == {**value, "raw": {"б": "🥜"}}


def test_a_problem_is_printed_in_sentences_and_as_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    problem = RefusedError("No.", "Because\x1b.", "Do it.", {"a": "A.", "b": "B."})

    assert Output(as_json=True).fail(problem) == 3

    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"] == {
        "title": "No.", "detail": "Because\x1b.", "remedy": "Do it.", "fields": {"a": "A.", "b": "B."}
    }  # fmt: skip
    assert printed.err == "No.\nBecause.\nDo it.\na: A.\nb: B.\n"


def test_a_program_without_a_terminal_can_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    assert Output(as_json=False).finish({}, "x") == 0
    assert Output(as_json=True).fail(RefusedError("No.")) == 3
