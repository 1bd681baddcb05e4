"""The custom resource that adopts or creates the Ground Truth workforce."""
