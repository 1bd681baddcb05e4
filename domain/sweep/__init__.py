"""What in an account and Region costs money, whose it is, and what of it a sweep may remove."""
