"""Captures made in code, for tests and for authors of rules."""
