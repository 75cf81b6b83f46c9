"""The Delivery screen, driven as a person drives it."""
