"""What images are like, as vectors: a frozen network's embedding, for suggestions, duplicates and outliers."""
