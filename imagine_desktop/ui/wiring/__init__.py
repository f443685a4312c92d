"""What the window's parts tell each other: one module for each feature, each on its own."""
