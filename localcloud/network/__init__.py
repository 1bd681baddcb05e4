"""What managed services do in a VPC."""
