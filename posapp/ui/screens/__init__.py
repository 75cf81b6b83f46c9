"""The screens that the rail leads to."""
