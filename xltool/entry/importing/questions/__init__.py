"""What is asked about figures that were taken, and the words that answer it."""
