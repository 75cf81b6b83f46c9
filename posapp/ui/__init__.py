"""The desktop screens: everything that needs Qt lives below this package."""
