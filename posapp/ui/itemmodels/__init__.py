"""Qt models over the rows of the read queries."""
