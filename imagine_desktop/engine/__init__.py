"""Jobs: from a request to pictures in the library, several at once."""
