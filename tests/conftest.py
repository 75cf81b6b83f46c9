"""What every test stands on: no screen, no home directory, no keyring, no unexpected warning."""

from __future__ import annotations

import os

# Before anything imports Qt or keyring.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

import logging
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]

# A busy machine is no reason to fail.
settings.register_profile("posapp", deadline=None, print_blob=True)
settings.load_profile("posapp")

LEAKY = re.compile(r"POSAPP_|(https?|all|no)_proxy$", re.IGNORECASE)


@pytest.fixture(autouse=True)
def apart(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a home of its own, far from the person's files, settings, secrets and time zone."""
    for name in list(os.environ):
        if LEAKY.match(name):
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in ("APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home / name.lower()))
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("POSAPP_DATA_DIR", str(home / "posapp"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return home


@pytest.fixture(autouse=True, scope="session")
def far_from_utc() -> Iterator[None]:
    """Run in a zone that differs from UTC by an odd amount, so that a forgotten zone shows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Kathmandu")
        if hasattr(time, "tzset"):
            time.tzset()
        yield


class _Collector(logging.Handler):
    """Keeps the records of WARNING and worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.sentences: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.sentences.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that makes posapp log a warning or worse, unless it said so with `expects_log`."""
    expected = [
        re.compile(pattern) for marker in request.node.iter_markers("expects_log") for pattern in marker.args
    ]
    logger = logging.getLogger("posapp")
    collector = _Collector()
    logger.addHandler(collector)
    try:
        yield
    finally:
        logger.removeHandler(collector)
    surprises = [
        sentence for sentence in collector.sentences if not any(known.search(sentence) for known in expected)
    ]
    if surprises:
        pytest.fail("unexpected in the log:\n  " + "\n  ".join(surprises), pytrace=False)
