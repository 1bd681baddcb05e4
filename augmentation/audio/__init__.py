"""Transforms of sound, one module a step; the pure kernels stand in `kernels`."""
