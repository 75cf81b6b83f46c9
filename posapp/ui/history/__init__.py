"""The history of the shop: every entry of the audit, in plain words."""
