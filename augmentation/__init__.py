"""The engine: makes many images of each labeled one, the same bytes on one process or on a hundred hosts."""

from augmentation.instructions import leave_newer_unused

leave_newer_unused()  # before any module of this package imports OpenCV or numpy
