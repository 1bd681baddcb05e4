"""Looks whether an account can take a stage, and what came of it. It reads only, and its report names no account."""
