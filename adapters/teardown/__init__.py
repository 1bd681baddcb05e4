"""Teardown's hands: lists and deletes, one module per service, everything scoped and paginated."""
