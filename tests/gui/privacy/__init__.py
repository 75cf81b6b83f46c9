"""Tests of forgetting customers in the settings, in the real window."""

from __future__ import annotations
