"""One transform a module, named for its op; each module holds it as `TRANSFORM`."""
