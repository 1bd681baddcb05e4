"""What all functions share: the door that they are entered by, and the environment variables that several read."""
