"""The window: widgets, models and the studio that connects them to the engine."""
