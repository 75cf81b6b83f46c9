"""The Orders screen over a real database."""
