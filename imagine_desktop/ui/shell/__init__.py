"""The window's frame: actions, notices, jobs strip, preferences, theme."""
