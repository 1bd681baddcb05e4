"""Lambda functions as local processes."""
