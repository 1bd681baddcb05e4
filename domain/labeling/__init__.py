"""The `label` workflow behind the labeling port: what people are shown, and what becomes of their answers."""
