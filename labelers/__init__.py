"""Labeling back ends behind the port domain.labeling.port."""
