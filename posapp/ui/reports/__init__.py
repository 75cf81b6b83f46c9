"""The parts of the Reports screen."""
