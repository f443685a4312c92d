"""The prompt panel: the request being made."""
