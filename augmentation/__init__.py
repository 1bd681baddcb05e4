"""The engine: makes many images of each labeled one, the same bytes on one process or on a hundred hosts."""
