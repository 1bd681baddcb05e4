"""How fast the engine is, beside the codec's limit and the libraries that people script instead."""
