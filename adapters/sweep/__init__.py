"""A look at everything in an account and Region that can cost money, service by service."""
