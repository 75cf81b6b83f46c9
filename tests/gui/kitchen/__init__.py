"""The kitchen board, driven as cooks drive it."""
