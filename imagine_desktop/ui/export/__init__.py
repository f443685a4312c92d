"""Pictures out of the library, by dialog."""
