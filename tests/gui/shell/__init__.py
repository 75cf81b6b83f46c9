"""Tests of the main window, the settings, the alarm and the composition root."""

from __future__ import annotations
