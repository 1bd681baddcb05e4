"""What is learned of people's answers: a probe on embeddings, how far it can be trusted, and who is asked what next."""
