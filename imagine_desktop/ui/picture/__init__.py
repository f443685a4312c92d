"""One picture, large; two pictures compared."""
