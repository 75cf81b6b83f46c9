"""Who may do what, asked inside the transaction of the act: a hidden button is not a permission."""

from __future__ import annotations

from typing import Any

from posapp.domain.people import NotAllowedError, Right, Role, SignInNeededError, may
from posapp.domain.who import Who
from posapp.storage.fields import to_us
from posapp.storage.people import token_mark
from posapp.storage.store import Store, Transaction

# What somebody else is asked for, after “needs”.
_TITLES = {
    Right.NOTICE: "Taking notice of an order",
    Right.KITCHEN: "Working the kitchen board",
    Right.FORWARD: "Moving an order on",
    Right.ACCEPT: "Accepting and scheduling orders",
    Right.EDIT: "Editing an order",
    Right.DISPATCH: "Dispatching orders",
    Right.COURIERS: "Changing the list of couriers",
    Right.SELL: "Selling",
    Right.BIG_DISCOUNT: "A discount as big as this",
    Right.PROMO: "Giving this promo",
    Right.CANCEL_NEW: "Cancelling an order",
    Right.CANCEL: "Cancelling an accepted order",
    Right.STEP_BACK: "Taking back a finished step",
    Right.REFUND: "Giving money back",
    Right.SHIFT: "Working with the shift",
    Right.SHIFT_GAP: "Closing a shift that does not add up",
    Right.BIG_DIFFERENCE: "Closing a shift over a difference as big as this",
    Right.DRAWER: "Opening the drawer without a sale",
    Right.PRINT: "Printing",
    Right.SOLD_OUT: "Marking dishes as sold out",
    Right.CATALOGUE: "Changing the menu",
    Right.RESOLVE: "Deciding what the shop refused",
    Right.REASSERT: "Sending ours over the shop's decision",
    Right.DISCARD: "Discarding a change",
    Right.SETTINGS: "Changing settings",
    Right.STAFF: "Changing the staff",
    Right.EXPORT: "Exporting data",
    Right.ERASE: "Forgetting customers",
    Right.RESTORE: "Restoring a backup",
}
_STAFF = "SELECT 1 FROM staff WHERE removed_at IS NULL LIMIT 1"
_SIGN_IN = (
    "SELECT sign_ins.pk, staff.role, staff.name FROM sign_ins JOIN staff ON staff.pk = sign_ins.staff_pk "
    "WHERE sign_ins.id = ? AND sign_ins.station = ? AND sign_ins.ended_at IS NULL "
    "AND staff.removed_at IS NULL"
)
# One that lies ahead was given before the clock was set back: it counts no longer.
_APPROVAL = (
    "SELECT approvals.pk, staff.name FROM approvals JOIN staff ON staff.pk = approvals.manager_pk "
    "WHERE approvals.sign_in_pk = ? AND approvals.act = ? AND approvals.used_at IS NULL "
    "AND approvals.until >= ? AND approvals.at <= ? AND staff.role = 'manager' "
    "AND staff.removed_at IS NULL ORDER BY approvals.pk LIMIT 1"
)


def who_acts(tx: Transaction, who: Who) -> Any:
    """Ask who somebody is before it is known what they do; the answer comes with the next one on a server."""
    if not who.sign_in:
        return tx.execute(_STAFF)
    return tx.execute(_SIGN_IN, (token_mark(who.sign_in), who.station))


def permit(tx: Transaction, who: Who, right: Right, asked: Any = None) -> str:
    """Let an act pass or raise; return who vouches for it: the person, or the manager who approved it.

    `asked` is what `who_acts` returned for the same person in the same transaction. A shop without staff
    lets the station do everything ("" is returned). An approval is used up together with the act: when
    its transaction fails, it stays. Raises SignInNeededError or NotAllowedError.
    """
    found = (who_acts(tx, who) if asked is None else asked).fetchone()
    if not who.sign_in:
        if found is None:
            return ""
        raise SignInNeededError(
            "Sign in first.", f"{_TITLES[right]} needs to know who you are.", "Enter your PIN."
        )
    if found is None:
        raise SignInNeededError("You are signed out.", "Nothing was changed.", "Enter your PIN again.")
    if may(Role(found[1]), right):
        return str(found[2])
    return _approved(tx, found, right)


def vouch(store: Store, who: Who, right: Right, *, origin: str = "") -> None:
    """Ask for a right alone, before an act outside the database such as a setting; see `permit`."""
    with store.write(origin) as tx:
        permit(tx, who, right)


def _approved(tx: Transaction, found: tuple[Any, ...], right: Right) -> str:
    if right.value in tx.approved:  # the same act on another order of this transaction
        return tx.approved_by
    given = tx.one(_APPROVAL, (found[0], right.value, to_us(tx.now), to_us(tx.now)))
    if given is not None:
        tx.execute("UPDATE approvals SET used_at = ? WHERE pk = ?", (to_us(tx.now), given[0]))
        tx.approved_by = str(given[1])
        tx.approved.add(right.value)
        return tx.approved_by
    raise NotAllowedError(
        right,
        f"{_TITLES[right]} needs a manager.",
        f"{found[2]} may not do this; nothing was changed.",
        "A manager can approve it with their PIN.",
    )
