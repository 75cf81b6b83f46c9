"""The command line: the app itself, and the door for support, scripts and checks (see docs/operations.md)."""
