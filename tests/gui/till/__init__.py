"""The New order screen, driven as a cashier drives it."""
