"""Ground Truth of the local cloud: workforces, work teams and labeling jobs; `operations` registers them."""
