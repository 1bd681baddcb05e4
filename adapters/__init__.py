"""The one place that calls AWS: boto3 clients, injected, with ClientError translated into domain errors."""
