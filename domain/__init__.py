"""Pure logic: no AWS, no CDK, no numpy."""
