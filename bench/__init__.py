"""Measurements that answer what users ask: how fast, and does it help."""
