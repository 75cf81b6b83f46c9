"""The training shop: a small server in a process of its own that plays a scripted day of orders."""
