"""What a recipe will do, before a run: pictures of every step, and how many files will come out."""
