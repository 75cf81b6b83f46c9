"""The menu in the settings."""
