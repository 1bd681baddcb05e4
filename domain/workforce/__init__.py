"""The account's one Ground Truth workforce: adopted or made, and kept."""
