"""The order editor: an order's fields and lines, bound to the rules of its format."""
