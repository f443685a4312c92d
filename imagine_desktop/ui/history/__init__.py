"""The sidebar of sessions and their turns."""
