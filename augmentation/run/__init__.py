"""A run: from files to files, on one process or on many, resumed where it was killed."""
