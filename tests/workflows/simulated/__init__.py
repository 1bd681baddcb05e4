"""The project's state machines on a simulated clock, with the functions' real code over an account in memory."""
