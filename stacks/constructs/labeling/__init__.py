"""The people who label, and the workforce of the account."""
