"""What the program speaks of, as pure data: requests, models, money, sessions, turns, pictures, jobs."""
