"""Runs in rounds, around `label`: what is to be done next, and what all rounds together come to."""
