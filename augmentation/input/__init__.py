"""What a run is given: the recipe, the files, their labels, an earlier version, fingerprints."""
