"""Draws reports whose every figure, cell and line is known: the tests' input, fixtures and training data."""
