"""The custom resource that keeps a standing stage from settings which would replace its domain."""
