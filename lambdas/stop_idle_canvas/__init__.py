"""Closes Canvas apps that nobody uses."""
