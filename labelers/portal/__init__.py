"""Our own portal as a labeling back end: for every account, and nothing to pay while nobody labels."""
