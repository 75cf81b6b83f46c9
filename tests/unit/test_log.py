"""The log: private, bounded, never in the way, and without anything that must not be told."""

from __future__ import annotations

import json
import logging
import stat
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp import log

LOGGER = logging.getLogger("posapp.test")


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    log.setup_logging(tmp_path)
    yield tmp_path
    log.stop_logging()


def written(data_dir: Path) -> str:
    return (data_dir / "logs" / "posapp.log").read_text(encoding="utf-8")


def test_a_record_is_one_line_with_time_level_and_place(data_dir: Path) -> None:
    LOGGER.info("pulled %d orders", 3)
    (line,) = written(data_dir).splitlines()
    assert line.endswith("+05:45 INFO posapp.test pulled 3 orders")


def test_only_the_owner_reads_the_log(data_dir: Path) -> None:
    LOGGER.info("x")
    assert stat.S_IMODE((data_dir / "logs").stat().st_mode) == 0o700
    assert stat.S_IMODE((data_dir / "logs" / "posapp.log").stat().st_mode) == 0o600


def test_an_open_log_of_before_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    old = tmp_path / "logs" / "posapp.log"
    old.write_text("")
    old.chmod(0o644)
    log.setup_logging(tmp_path)
    log.stop_logging()
    assert stat.S_IMODE(old.stat().st_mode) == 0o600


@pytest.mark.expects_log("careful")
def test_standard_error_gets_warnings_only_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verbose, expected in ((False, ["careful"]), (True, ["detail", "note", "careful"])):
        log.setup_logging(tmp_path, verbose=verbose)
        LOGGER.debug("detail")
        LOGGER.info("note")
        LOGGER.warning("careful")
        log.stop_logging()
        assert [line.split()[-1] for line in capsys.readouterr().err.splitlines()] == expected


def test_a_second_set_up_moves_the_log(tmp_path: Path) -> None:
    for name in ("one", "two"):
        log.setup_logging(tmp_path / name)
    LOGGER.info("here")
    log.stop_logging()
    assert written(tmp_path / "one") == ""
    assert written(tmp_path / "two").count("here") == 1


def test_the_log_turns_over_and_keeps_five_files(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log.setup_logging(data_dir)
    handler = next(h for h in logging.getLogger().handlers if isinstance(h, log._PrivateFile))
    handler.maxBytes = 1_000
    for number in range(200):
        LOGGER.info("record %d %s", number, "x" * 50)
    files = sorted((data_dir / "logs").iterdir())
    assert [file.name for file in files] == ["posapp.log", *(f"posapp.log.{n}" for n in range(1, 5))]
    assert all(file.stat().st_size <= 1_100 for file in files)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert "record 199" in written(data_dir)


def test_a_log_turned_over_by_another_process_is_followed(data_dir: Path) -> None:
    LOGGER.info("before")
    path = data_dir / "logs" / "posapp.log"
    path.rename(path.with_name("posapp.log.1"))
    path.write_text("theirs\n")
    LOGGER.info("after")
    assert "after" in written(data_dir)
    assert "after" not in path.with_name("posapp.log.1").read_text()


# ------------------------------------------------------------------------------- never in the way


def test_a_directory_that_cannot_be_written_to_costs_only_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    log.setup_logging(blocker)
    logging.getLogger("elsewhere").warning("still heard")
    log.stop_logging()
    assert "still heard" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_not_heard_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "posapp.log").symlink_to("/dev/full")
    log.setup_logging(tmp_path)
    for _ in range(3):
        LOGGER.info("x" * 10_000)
    log.stop_logging()
    assert capsys.readouterr().err == ""


def test_a_log_directory_that_vanishes_is_not_heard_of(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    LOGGER.info("x")
    (data_dir / "logs" / "posapp.log").unlink()
    (data_dir / "logs").rmdir()
    LOGGER.info("y")
    LOGGER.info("z")
    (data_dir / "logs").mkdir()
    LOGGER.info("back")
    assert "back" in written(data_dir)
    assert capsys.readouterr().err == ""


def test_arguments_that_do_not_fit_or_cannot_be_shown_cost_nothing(data_dir: Path) -> None:
    class Rude:
        def __str__(self) -> str:
            raise RuntimeError("no")

    # Handed over directly: the test runner's own handler is not as patient.
    for message, argument in (("a %d b", "text"), ("shown %s", Rude()), ("half \ud800 %s", "character")):
        record = LOGGER.makeRecord(LOGGER.name, logging.INFO, "", 0, message, (argument,), None)
        for handler in log._handlers:
            handler.handle(record)
    text = written(data_dir)
    assert "a %d b (its arguments do not fit)" in text
    assert "shown %s (its arguments do not fit)" in text
    assert r"half \ud800 character" in text


def test_no_text_passes_for_a_second_record(data_dir: Path) -> None:
    LOGGER.info("comment %s", "x\n2026-01-01T00:00:00 CRITICAL posapp all is lost\x1b[2J\u202e")
    first, second = written(data_dir).splitlines()
    assert first.endswith("comment x")
    assert second.startswith("    2026-01-01")
    assert "\x1b" not in second


def test_warnings_of_python_reach_the_log(data_dir: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old ways", stacklevel=1)
    assert "old ways" in written(data_dir)


# ------------------------------------------------------------------------------- what is never told


def test_a_known_secret_is_in_no_message_argument_or_trace(data_dir: Path) -> None:
    secret = 'canary"\\é-55'
    log.hide(secret)
    LOGGER.info("plain %s", secret)
    LOGGER.info("as JSON %s", json.dumps({"x": secret}))
    LOGGER.info("as repr %r", [secret])
    try:
        raise ValueError(f"cannot use {secret}")
    except ValueError:
        LOGGER.info("failed", exc_info=True)
    LOGGER.info("stack", stack_info=True)
    text = written(data_dir)
    assert "Traceback" in text
    assert "ValueError: cannot use ***" in text
    assert "canary" not in text.replace("secret = 'canary\"", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Api-Key: abc123 sent", "Api-Key: *** sent"),
        ("{'Api-Key': 'abc 123', 'a': 1}", "{'Api-Key': ***, 'a': 1}"),
        ('{"api_key": "abc\\"123"}', '{"api_key": ***}'),
        ("POSAPP_REMOTE_ALMA_API_KEY=abc123", "POSAPP_REMOTE_ALMA_API_KEY=***"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("Authorization: Token abcdef", "Authorization: ***"),
        ("sent Bearer abcdef.ghi", "sent Bearer ***"),
        ("password=hunter2&x=1", "password=***&x=1"),
        ("access_token: eyJhbGciOi", "access_token: ***"),
        ("Set-Cookie: session=abc", "Set-Cookie: ***"),
        ("PIN: 4711", "PIN: ***"),
        ("postgresql://user:pw@host/db", "postgresql://***@host/db"),
        ("call 77012341806 now", "call *** now"),
        ("call +7 701 234-18-06 now", "call *** now"),
        ("call 8 (701) 234 18 06 now", "call *** now"),
        ("call +977-984-1234567", "call ***"),
        ("phone=79000000000;", "phone=***;"),
        ("write to ivan.petrov+x@mail.example.com!", "write to ***!"),
        ("PUT /internal_api/orders/7d424e65-3309-4064-a7d3-112233445566.json: 200, 12 ms", None),
        ("2026-10-17 15:52:37,123 and 2026-10-17T15:52:37.123456+00:00", None),
        ("127.0.0.1:45123 took 12345 ms for 20000000 bytes", None),
        ("the total is 12600.00, order 1234 of 5678", None),
        ("a keyboard, a tokenless pinboard, secretly", None),
    ],
)
def test_what_looks_like_a_secret_or_a_person_is_hidden(text: str, shown: str | None) -> None:
    assert log.redact(text) == (text if shown is None else shown)


@pytest.mark.parametrize(
    "text", ["a-" * 30_000, "1" * 60_000, "a." * 30_000, '"' * 60_000, "token=" * 10_000, "x" * 60_000]
)
def test_hostile_texts_are_looked_through_quickly(text: str) -> None:
    started = time.monotonic()
    log.redact(text)
    assert time.monotonic() - started < 3


def test_short_secrets_do_not_riddle_the_log() -> None:
    log.hide("abc")
    assert log.redact("abc") == "abc"


def test_after_the_stop_nothing_is_written(data_dir: Path) -> None:
    LOGGER.info("x")
    log.stop_logging()
    LOGGER.info("y")
    assert len(written(data_dir).splitlines()) == 1
