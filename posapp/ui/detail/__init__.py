"""The parts of the panel that shows one order."""
