"""Tests of what the screens are assembled from."""
