"""A labeling job from its request to its output files."""
