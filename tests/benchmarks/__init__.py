"""Speed, measured beside what else one could use and beside what is physically possible."""
