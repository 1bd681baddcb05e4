"""Transforms of images, one module a family; the pure kernels stand in `kernels`."""
