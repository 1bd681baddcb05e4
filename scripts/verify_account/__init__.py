"""Looks whether an account can take a stage, and what came of it. It reads only; its report has no account ids in it."""
