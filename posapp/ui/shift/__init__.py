"""The shift in the window: how it stands, opening, cash in and out, the count, its reports."""
