"""House defaults: what every Lambda function, state machine and bucket of Kempelen has in common."""
