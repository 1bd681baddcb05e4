"""The state machines, what they may do, what starts them and what watches them."""
