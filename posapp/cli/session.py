"""What a command works with: settings, database, secrets; each is made when it is first asked for."""

from __future__ import annotations

import argparse
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from posapp.cli.output import Output

if TYPE_CHECKING:
    from posapp.config import Config
    from posapp.domain.people import Right
    from posapp.domain.who import Who
    from posapp.secrets import SecretStore
    from posapp.storage.server import Server
    from posapp.storage.store import Store

TRAINING = "training"


class Session:
    """One run of one command."""

    def __init__(self, options: argparse.Namespace, out: Output) -> None:
        self.options = options
        self.out = out
        self._open: Store | None = None
        self._who: Who | None = None

    @cached_property
    def base_dir(self) -> Path:
        """Return the data directory as it was named."""
        from posapp.config import data_directory

        return data_directory(self.options.data_dir, os.environ)

    @cached_property
    def data_dir(self) -> Path:
        """Return where this run's data are; training data are apart."""
        return self.base_dir / TRAINING if self.options.training else self.base_dir

    @cached_property
    def config(self) -> Config:
        """Return the settings."""
        from posapp.config import load

        return load(self.data_dir)

    @property
    def server(self) -> Server | None:
        """Return the database server that the settings name; the training's data are never there."""
        from posapp.storage.server import server_at

        url = "" if self.options.training else str(self.config.get("database", "url"))
        return server_at(url, os.environ)

    @property
    def store(self) -> Store:
        """Return the database, opened; settings that cannot be read are told first."""
        if self._open is None:
            from posapp.storage.database import open_store

            self._open = open_store(self.data_dir, server=self.server)
        return self._open

    def use(self, store: Store) -> None:
        """Work with this database instead of the settings' one; it is closed with the session."""
        self._open = store

    @cached_property
    def who(self) -> Who:
        """Return who acts: the system's user or, once people work here, the one whose PIN is given."""
        from posapp.cli.signing import signed_in_here

        self._who = signed_in_here(self)
        return self._who

    def ask_permission(self, right: Right) -> None:
        """Raise unless the person who acts may do this; for acts that are no service's."""
        from posapp.services.permits import vouch

        vouch(self.store, self.who, right)

    @cached_property
    def secrets(self) -> SecretStore:
        """Return where the remotes' keys are."""
        from posapp.secrets import SecretStore, default_config_dir

        return SecretStore(default_config_dir(), os.environ)

    @property
    def namespace(self) -> str:
        """Return the installation's id, which keeps its secrets apart from those of others."""
        return self.store.meta("installation")

    def log_to_file(self) -> None:
        """Begin to log; for commands that run longer than a moment."""
        from posapp.log import setup_logging

        setup_logging(self.data_dir, verbose=self.options.verbose)

    def close(self) -> None:
        """Close the database, if it was opened."""
        if self._open is not None:
            if self._who is not None and self._who.sign_in:
                from posapp.services.people import sign_out

                sign_out(self._open, self._who)
            self._open.close_thread()
            self._open = None
