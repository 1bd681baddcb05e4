"""Who may do what on the local cloud, decided as AWS's Identity and Access Management decides it."""
