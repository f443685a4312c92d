"""Curating the library: stars, notes, trash, collections, saved searches, and the way back from each."""
