"""Pictures out of the library: folders with readable names."""
