"""What a run makes of each source, decided from all labels before any file is read."""
