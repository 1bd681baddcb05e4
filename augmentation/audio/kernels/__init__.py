"""Pure functions on samples (frames x channels, int16): no recipe, no side effect."""
