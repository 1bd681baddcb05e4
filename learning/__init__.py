"""What is learned of embeddings and labels: numpy and scikit-learn, no files and no pictures."""
