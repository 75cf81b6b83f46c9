"""The sections of the settings screen."""

from __future__ import annotations
