"""The running app, as the tests of the window have it."""

from __future__ import annotations

from tests.gui.shell.conftest import make, shop

__all__ = ["make", "shop"]
