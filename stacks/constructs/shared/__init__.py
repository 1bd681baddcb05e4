"""House defaults: what every Lambda function, custom resource, bucket and topic of Kempelen has in common."""
