"""Texts: read and written; no step works on them."""
