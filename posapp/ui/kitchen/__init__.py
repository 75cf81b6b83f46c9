"""The parts of the kitchen board: tiles, the board that holds them, rail, head, and what cooks do."""
