"""The menu in the settings: list, editor, categories, import, publishing."""
