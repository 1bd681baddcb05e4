"""A team's own Label Studio server as a labeling back end: a job is a project of it."""
