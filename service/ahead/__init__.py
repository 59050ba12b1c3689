"""What a service does ahead of the questions, while nobody asks."""
