"""Amazon SageMaker Ground Truth with a private workteam, behind the labeling port."""
