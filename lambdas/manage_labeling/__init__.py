"""What requesters do with the portal's jobs and people, for programs and the command line."""
