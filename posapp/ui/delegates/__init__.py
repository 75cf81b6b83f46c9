"""Item delegates that paint whole rows."""
