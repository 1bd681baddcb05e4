"""The infrastructure, in AWS CDK."""
