"""Widgets that the screens are assembled from, painted from the theme."""
