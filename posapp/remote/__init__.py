"""The remote formats as pure functions, and the one transport that carries them."""
