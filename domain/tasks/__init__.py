"""Who works on which object of a labeling job of our own portal: leases with a time limit, answers, skips, the end."""
