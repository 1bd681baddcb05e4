"""Images: reading, the frame between two steps, boxes that follow it, writing; kernels and transforms beside."""
