"""A desktop point-of-sale order manager that keeps working while the network is gone."""

from __future__ import annotations

__version__ = "0.1.0"
