"""What is learned of answers and embeddings: labels in doubt, whom to ask next, what a machine can label."""
