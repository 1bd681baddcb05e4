"""The `augment` workflow: begin a run, publish its version, end it."""
