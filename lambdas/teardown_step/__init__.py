"""One step of the teardown state machine."""
