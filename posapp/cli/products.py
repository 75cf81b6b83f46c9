"""`posapp products`: import, export, list and publish the catalogue."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posapp.cli.errors import WaitingError
from posapp.cli.output import table
from posapp.cli.session import Session
from posapp.domain.errors import NeedsPersonError, PosError, StorageError, UsageError
from posapp.domain.money import format_money
from posapp.domain.people import Right
from posapp.domain.product_file import product_object, read_products, write_csv
from posapp.storage.catalogue import products, search_products

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from posapp.domain.catalogue import Product
    from posapp.services.catalogue import Preview
    from posapp.sync.publish_round import PublishResult

TIMEOUT_S = 300.0


def run(session: Session) -> int:
    """Run the action."""
    match session.options.action:
        case "import":
            return _import(session)
        case "export":
            return _export(session)
        case "publish":
            return _publish(session)
        case _:
            return _list(session)


def read_bytes(name: str) -> bytes:
    """Return the content of a file, "-" for standard input; raise UsageError when there is none."""
    if name == "-":
        stream = getattr(sys.stdin, "buffer", None)
        return stream.read() if stream is not None else sys.stdin.read().encode()
    path = Path(name).expanduser()
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(
            f"There is no file {path}.", remedy="Name a file, or - for standard input."
        ) from None
    except OSError as error:
        raise StorageError("The file cannot be read.", f"{path}: {error.strerror}.") from error


def _import(session: Session) -> int:
    from posapp.services.catalogue import import_problem, import_products, preview_import

    options = session.options
    who = session.who if not options.preview else None  # whose PIN may stand before the products
    file = read_products(read_bytes(options.file))
    store, currency = session.store, session.config.sale_rules.currency
    preview = preview_import(store, file, currency)
    for note in preview.notes:
        session.out.note(note)
    if who is None:
        problem = import_problem(preview) if preview.problems else None
        return session.out.finish(_import_object(preview, ()), _preview_text(preview), problem)
    if preview.problems and not options.skip_errors:
        return session.out.finish(_import_object(preview, ()), "", import_problem(preview))
    saved = import_products(store, preview, who, skip_problems=options.skip_errors)
    text = f"{len(preview.new)} added, {len(preview.changed)} changed, {preview.unchanged} as they were."
    if preview.problems:
        text += f" Left out: {len({number for number, _, _ in preview.problems})} rows with problems."
    return session.out.finish(_import_object(preview, saved), text)


def _import_object(preview: Preview, saved: Sequence[Product]) -> dict[str, Any]:
    shown = saved or (*preview.new, *preview.changed)
    return {
        "products": [product_object(item) for item in shown],
        "saved": bool(saved),
        "added": len(preview.new),
        "changed": len(preview.changed),
        "unchanged": preview.unchanged,
        "problems": [
            {"row": number, "field": name, "problem": text} for number, name, text in preview.problems
        ],
    }


def _preview_text(preview: Preview) -> str:
    rows = [("new", item) for item in preview.new] + [("changed", item) for item in preview.changed]
    listing = table(
        ("WHAT", "ID", "TITLE", "PRICE", "CATEGORY"),
        [(what, item.internal_id, item.title, str(item.price), item.category) for what, item in rows],
    )
    counts = f"{len(preview.new)} new, {len(preview.changed)} changed, {preview.unchanged} as they are."
    return f"{listing}\n{counts} Nothing was saved."


def _export(session: Session) -> int:
    path = Path(session.options.file).expanduser()
    session.ask_permission(Right.EXPORT)
    found = products(session.store, with_deleted=True)
    try:
        path.write_bytes(write_csv(found))
    except OSError as error:
        raise StorageError("The file cannot be written.", f"{path}: {error.strerror}.") from error
    data = {"file": str(path), "ok": True, "detail": f"{len(found)} products."}
    return session.out.finish(data, f"{len(found)} products were written to {path}.")


def _list(session: Session) -> int:
    options = session.options
    store = session.store
    found = (
        search_products(store, options.search, limit=1_000_000)
        if options.search
        else products(store, with_deleted=options.deleted)
    )
    currency = session.config.sale_rules.currency
    now = store.clock()
    text = table(
        ("ID", "TITLE", "PRICE", "CATEGORY", "STATE"),
        [
            (
                item.internal_id, item.title, format_money(item.price, currency), item.category,
                "deleted" if item.deleted else "sold out" if item.sold_out(now) else "",
            )
            for item in found
        ],
    )  # fmt: skip
    data = {"products": [product_object(item) for item in found]}
    return session.out.finish(data, text if found else "There are no products.")


def _publish(session: Session) -> int:
    from posapp.services.publishing import queue_all
    from posapp.storage.publishing import confirmed_count, product_queue
    from posapp.sync.publish_round import publish, shops_of

    options = session.options
    config, store = session.config, session.store
    shops = shops_of(config, options.remote)
    session.log_to_file()
    before = sum(confirmed_count(store, shop.name) for shop in shops)
    queued = queue_all(store, shops, session.who, anew=options.all)
    timeout = options.timeout or TIMEOUT_S
    result = publish(store, config, session.secrets, shops, timeout, progress=_progress())
    # A window beside may have sent some of them before our turn came.
    published = sum(confirmed_count(store, shop.name) for shop in shops) - before
    left = product_queue(store)
    data = {
        "products": [
            {
                "internal_id": row.internal_id,
                "remote": row.remote,
                "state": row.state,
                "last_error": row.last_error,
            }
            for row in left
        ],
        "queued": queued,
        "published": published,
        "pending": result.waiting,
        "refused": result.refused,
        "reachable": result.reachable,
    }
    text = f"{published} published, {result.waiting} waiting, {result.refused} refused."
    return session.out.finish(
        data, text, _problem(result, [row.last_error for row in left if row.last_error])
    )


def _problem(result: PublishResult, errors: Sequence[str]) -> PosError | None:
    """Return why the exit code is not 0."""
    code = result.exit_code()
    if code == 0:
        return None
    detail = " ".join(dict.fromkeys(errors[:3]))
    if code == NeedsPersonError.exit_code:
        title = "The shop does not let us in." if result.sign_in else "The shop refused products."
        return NeedsPersonError(title, detail, "posapp queue list shows the products and the reasons.")
    return WaitingError(
        "Products are left waiting.", detail, "Nothing is lost: posapp products publish goes on with it."
    )


def _progress() -> Callable[[int, int], None]:
    """Return what shows the progress to a person at a terminal."""

    def show(done: int, total: int) -> None:
        if sys.stderr is not None and sys.stderr.isatty():
            sys.stderr.write(f"\r{done:,} of {total:,}" + ("\n" if done >= total else ""))
            sys.stderr.flush()

    return show
