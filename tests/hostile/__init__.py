"""A corpus of files that no one wishes to get, made from a seed, and a run of the engine over it."""
