"""What a person types: thin command-line programs, one per job."""
