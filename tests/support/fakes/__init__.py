"""Stand-ins for what the code calls."""
