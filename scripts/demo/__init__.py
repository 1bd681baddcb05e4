"""The main job, end to end, on the local cloud: `make demo`."""
