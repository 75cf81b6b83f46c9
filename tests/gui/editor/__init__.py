"""The order editor, driven by keys and by the mouse."""
