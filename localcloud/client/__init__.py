"""What the project's own environment uses of the local cloud; it imports nothing of ministack."""
