"""One module an engine: `setup(folder, files)` and `one(file)`, nothing of the project but `ours` and `limit`."""
