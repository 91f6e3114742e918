"""Machine learning from scratch in NumPy."""
