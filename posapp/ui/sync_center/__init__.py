"""The parts of the Sync Center: what waits, what needs a person, and what was done."""
