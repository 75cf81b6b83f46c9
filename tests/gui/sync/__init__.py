"""The Sync Center, driven as a person drives it."""
