"""The support bundle: one file with all that helps to find a fault, without secrets and without customers."""

from __future__ import annotations

import json
import os
import platform
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from posapp import __version__
from posapp.domain.errors import RefusedError, StorageError
from posapp.log import FILE_NAME, redact
from posapp.services.doctor import Check
from posapp.storage.custody import custody_ledger
from posapp.storage.details import latest_queue_rows, quarantine_rows, remote_rows
from posapp.storage.store import Store

SETTLED = 500  # changes that are done with
EVENTS = 2_000
# What is nobody's name, number or address: it stays readable in payloads.
_TELLING = frozenset(
    {
        "id", "status", "payment_status", "payment_method", "order_status", "delivery_status", "created_at",
        "order_date", "shipping_date", "delivery_date", "payment_date", "source_type", "brand", "quantity",
        "delivery_class", "unit_cost", "unit_final_cost", "total_cost", "total", "final_cost",
        "shipping_cost", "order_base_total", "products_base", "delivery_base", "price", "base_price",
    }
)  # fmt: skip
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_LOGS_GLOB = f"{FILE_NAME}*"


def write_bundle(
    store: Store, data_dir: Path, target: Path, settings: str, checks: Sequence[Check], now: datetime
) -> Path:
    """Write the bundle to `target`, a new file that only its owner can read.

    `settings` is the text of posapp.toml, which holds no secrets. Raises RefusedError when the file exists,
    StorageError when it cannot be written.
    """
    parts = {
        "about.json": _json(_about(store, now)),
        "settings.toml": redact(settings),
        "checks.json": _json([asdict(check) for check in checks]),
        "queue.json": _json([_queue_row(row) for row in latest_queue_rows(store, SETTLED)]),
        "remotes.json": _json([asdict(row) for row in remote_rows(store)]),
        "quarantine.json": _json([_quarantined(asdict(row)) for row in quarantine_rows(store)]),
        "events.json": _json(_events(store)),
        "custody.json": _json(asdict(custody_ledger(store, datetime(1970, 1, 1, tzinfo=now.tzinfo), now))),
        **{f"logs/{path.name}": _text_of(path) for path in sorted((data_dir / "logs").glob(_LOGS_GLOB))},
    }
    try:
        descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in parts.items():
                bundle.writestr(name, text)
    except FileExistsError as error:
        raise RefusedError(
            "There is already a file of that name.", str(target), "Choose another name, or remove it first."
        ) from error
    except OSError as error:
        raise StorageError(
            "The support bundle cannot be written.", f"{target}: {error.strerror}.", "Choose another place."
        ) from error
    return target


def masked(text: str) -> str:
    """Return a text of the same form in which no word and no number can be read."""
    return _DIGIT.sub("0", _LETTER.sub("x", text))


def masked_payload(raw: str) -> str:
    """Return a payload with its structure, its statuses and its amounts, but nobody's data."""
    try:
        content = json.loads(raw, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return masked(raw)
    return json.dumps(_masked_value("", content), ensure_ascii=False)


def _masked_value(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        # A person may be put as a name, so names that nobody knows are masked too.
        return {
            key if _is_plain(key) else masked(key): _masked_value(key, item) for key, item in value.items()
        }
    if isinstance(value, list):
        return [_masked_value(name, item) for item in value]
    if isinstance(value, str) and name not in _TELLING:
        return masked(value)
    return redact(value) if isinstance(value, str) else value


def _is_plain(name: str) -> bool:
    return re.fullmatch(r"[a-z_]{1,40}", name) is not None


def _about(store: Store, now: datetime) -> Mapping[str, object]:
    counts = {
        table: (store.one(f"SELECT count(*) FROM {table}") or (0,))[0]  # noqa: S608 - our own names
        for table in ("orders", "order_lines", "events", "outbox", "sent_log", "quarantine")
    }
    return {
        "posapp": __version__,
        "made_at": now.isoformat(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "database": store.dialect.version(),
        "schema": store.dialect.schema_version(),
        "rows": counts,
    }


def _queue_row(row: Any) -> dict[str, object]:
    found = asdict(row)
    # Of an edit, which fields it is about; what they were and became is the customer's.
    found["patch"] = {
        name: [None if text is None else masked(text) for text in texts] for name, texts in row.patch.items()
    }
    found["last_error"], found["reason"] = redact(row.last_error), redact(row.reason)
    return found


def _quarantined(row: dict[str, Any]) -> dict[str, object]:
    return {**row, "raw": masked_payload(str(row["raw"])), "reason": redact(str(row["reason"]))}


def _events(store: Store) -> list[dict[str, object]]:
    rows = store.all(
        "SELECT pk, order_pk, at, kind, station, params FROM events ORDER BY pk DESC LIMIT ?", (EVENTS,)
    )
    return [
        {
            "pk": row[0],
            "order": row[1],
            "at_us": row[2],
            "kind": row[3],
            "station": row[4],
            "params": _telling(json.loads(row[5])),
        }
        for row in rows
    ]


def _telling(params: Mapping[str, object]) -> dict[str, str]:
    """Return what an event says of statuses and fields; its other words may be a customer's."""
    kept = {"from", "to", "fields", "how", "choice", "ours", "theirs", "remote", "status", "seconds", "kept"}
    return {key: str(value) if key in kept else masked(str(value)) for key, value in params.items()}


def _text_of(path: Path) -> str:
    try:
        return redact(path.read_text("utf-8", errors="replace"))
    except OSError as error:
        return f"This log cannot be read: {error.strerror}."


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, Iterable) else str(value)
