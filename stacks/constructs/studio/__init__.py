"""The domain that people use, and the teardown that empties it."""
