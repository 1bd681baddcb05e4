"""The local cloud: what AWS does for the deployed stacks, on a laptop."""
