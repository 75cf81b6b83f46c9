"""Real servers and other props that several kinds of tests share."""
