"""Records: one JSON object a file, with the values that people found right; no step works on them."""
