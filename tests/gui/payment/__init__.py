"""Payments in the window: the panel, the dialog of an order's account, tickets and the drawer."""
