"""Parts of the stacks, by what they are for."""
