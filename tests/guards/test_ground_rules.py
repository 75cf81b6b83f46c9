"""The ground rules of the tests bite: a sample suite that breaks each of them fails."""

from __future__ import annotations

import shutil

import pytest

from tests.guards.tree import ROOT

SAMPLE = """
import logging
import os
import warnings

import keyring
import pytest
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QWidget

log = logging.getLogger("posapp.sample")


def test_fails_by_a_warning():
    warnings.warn("old", UserWarning, stacklevel=1)


def test_fails_by_qt(qapp):
    qWarning("a word from Qt")


def test_errs_by_the_log():
    log.warning("something is odd")


@pytest.mark.expects_log("something is odd")
def test_passes_with_the_expected_log():
    log.warning("something is odd")


@pytest.mark.expects_log("something is odd")
def test_errs_by_another_log():
    log.error("something else is odd")


def test_passes_with_a_lesser_log():
    log.info("all is well")


def test_passes_with_what_the_offscreen_platform_says(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    widget.raise_()
    qWarning("This plugin does not support raise()")


def test_passes_far_from_the_person(tmp_path):
    assert os.environ["POSAPP_DATA_DIR"].startswith(os.environ["HOME"])
    assert "HTTPS_PROXY" not in os.environ
    assert "POSAPP_REMOTE_ALMA_API_KEY" not in os.environ
    assert list(tmp_path.iterdir()) == []


def test_passes_without_a_keyring():
    with pytest.raises(keyring.errors.KeyringError):
        keyring.get_password("posapp", "alma")
"""


def test_the_ground_rules_bite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    own = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.pytest.ini_options]")[1]
    pytester.makepyprojecttoml("[tool.pytest.ini_options]" + own.split("\n[", maxsplit=1)[0])
    folder = pytester.mkdir("tests")
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "test_sample.py").write_text(SAMPLE, encoding="utf-8")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("POSAPP_REMOTE_ALMA_API_KEY", "planted")

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    outcomes = result.parseoutcomes()
    # An unexpected log record fails the test after it ran: one passed and one error.
    assert outcomes == {"failed": 2, "passed": 7, "errors": 2}
    result.stdout.fnmatch_lines_random(
        [
            "FAILED *::test_fails_by_a_warning*",
            "FAILED *::test_fails_by_qt*",
            "ERROR *::test_errs_by_the_log*",
            "ERROR *::test_errs_by_another_log*",
        ],
    )
