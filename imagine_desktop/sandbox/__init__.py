"""A stand-in for the API that runs on this computer, in a process of its own, and draws its pictures."""
