"""Imagine Desktop: make pictures with xAI's Grok Imagine API and refine them turn after turn."""

__version__ = "0.1.0"
