"""What people do, each act in one transaction with its event and its outbox row."""
