"""What an answer says about an order where the remote has fewer words for a status than we have."""

from __future__ import annotations

from posapp.domain.outbox import OrderSync
from posapp.domain.received import RemoteOrder
from posapp.domain.status import Status


def may_mean(order: RemoteOrder, status: Status) -> bool:
    """Tell whether the answer fits a status; one that says nothing fits any."""
    return not order.understood or status in {order.status, *order.alternatives}


def meaning(view: OrderSync, order: RemoteOrder) -> Status:
    """Return the status that the answer shows for this order.

    Of several that it may mean: what we are about to send, then what the order is here, what the remote
    showed last, what it was before. An answer that says nothing leaves the remote's last word standing.
    """
    if not order.understood:
        return view.shadow
    return likeliest(view, possible(order), Status(order.status))


def possible(order: RemoteOrder) -> frozenset[Status]:
    """Return all statuses that an answer may mean; none when it says nothing."""
    return frozenset(map(Status, (order.status, *order.alternatives))) if order.understood else frozenset()


def likeliest(view: OrderSync, statuses: frozenset[Status], plain: Status) -> Status:
    """Return the one of several statuses that an answer shows, as the order is by now; else the plain one."""
    known = [*(row.target for row in view.steps), view.status, view.shadow, *sorted(view.own)]
    return next((status for status in known if status in statuses), plain)
