"""Values, files and folders for tests."""
