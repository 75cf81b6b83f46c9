"""Tests of the lock, the PINs, approvals and the list of people, in the real window."""

from __future__ import annotations
