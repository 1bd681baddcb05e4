"""Pure functions on pixels (height x width x 4, uint8, BGRX): no recipe, no randomness, no side effect."""
