"""Our own jobs behind the worker portal's pages."""
