"""A shop that speaks the staff API at the end of the commands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from posapp.remote.tokens import read_sign_in
from posapp.secrets import SecretStore, default_config_dir
from tests.flow.cli.conftest import Cli, Ran
from tests.support.drf_shop import PASSWORD, STAFF, DrfShop

STEPS = {"accepted": (1, 0), "cooking": (2, 0), "ondelivery": (2, 1), "delivered": (3, 2)}


def add(cli: Cli, shop: DrfShop, *more: str, username: str = STAFF, password: str = PASSWORD) -> Ran:
    base = ("remotes", "add", "kathmandu", "--format", "staff", "--base-url", shop.url, "--currency", "NPR")
    return cli(*base, "--timezone", "Asia/Kathmandu", "--username", username, *more, stdin=f"{password}\n")


def sync(cli: Cli) -> Ran:
    return cli("sync", "--once", "--json")


def show(cli: Cli, number: int) -> dict[str, Any]:
    return cli("orders", "show", f"1d07e3229370f{number:02d}", "--json").data


def move(cli: Cli, number: int, status: str) -> None:
    assert cli("orders", "move", f"1d07e3229370f{number:02d}", status).code == 0


def stored(cli: Cli) -> tuple[SecretStore, str]:
    """Return the secrets and the installation's id."""
    from posapp.storage.database import open_store

    store = open_store(Path(os.environ["POSAPP_DATA_DIR"]))
    try:
        return SecretStore(default_config_dir(), {}), store.meta("installation")
    finally:
        store.close_thread()


def refresh_token(cli: Cli) -> str:
    secrets, namespace = stored(cli)
    return read_sign_in(secrets.get(namespace, "kathmandu")).refresh
