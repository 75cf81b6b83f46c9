"""Numbered migrations, run in order by posapp.storage.database."""
