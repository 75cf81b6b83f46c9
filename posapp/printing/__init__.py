"""Tickets on paper: laid out once, rendered for each printer, queued so that none is lost or doubled."""

from __future__ import annotations
