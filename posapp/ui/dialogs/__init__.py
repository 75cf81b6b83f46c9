"""Dialogs that ask before something that cannot be taken back, or that show more than a banner can."""
