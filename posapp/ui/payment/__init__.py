"""Taking payments: the panel beside a cart, the dialogs of an order's account, the tickets of a sale."""
