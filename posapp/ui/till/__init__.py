"""The counter's New order screen: dishes, the cart, for whom it is, and carts that are put aside."""
