"""The people at the window: the lock, PINs, a manager's approval, and who works here."""
