"""The augmentation engine: runs inside the Processing container and on a laptop."""
