"""The window without its database."""
