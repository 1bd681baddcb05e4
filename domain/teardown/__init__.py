"""Taking everything down: in which order, one bounded step at a time, and when to give up."""
