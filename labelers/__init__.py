"""Labeling back ends behind the port domain.labeler."""
