"""What every room speaks: figures, codes, texts, problems, and the data that travels with the package."""
