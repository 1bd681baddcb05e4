"""Labels as rows: what became of each object, bounding boxes included."""
