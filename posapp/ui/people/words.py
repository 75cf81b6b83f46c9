"""What roles are called."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from posapp.domain.people import Role

translate = QCoreApplication.translate


def role_words() -> Mapping[Role, str]:
    """Return the name of each role."""
    return {
        Role.COUNTER: translate("people", "Counter"),
        Role.COOK: translate("people", "Kitchen"),
        Role.COURIER_DESK: translate("people", "Courier desk"),
        Role.MANAGER: translate("people", "Manager"),
    }


def role_help(role: Role) -> str:
    """Return in a sentence what a role may do."""
    return {
        Role.COUNTER: translate("people", "Accepts, edits, sells, takes money, cancels new orders."),
        Role.COOK: translate("people", "Works the kitchen board and moves orders on."),
        Role.COURIER_DESK: translate("people", "Sends orders out and settles with couriers."),
        Role.MANAGER: translate("people", "Everything: cancel, give money back, discard, settings, people."),
    }[role]
