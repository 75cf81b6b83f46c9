"""The sync engine: what to ask and to send, and when; see docs/sync.md."""
