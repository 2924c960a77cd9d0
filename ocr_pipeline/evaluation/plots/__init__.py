"""Measurements as pictures that stand by themselves (SVG)."""
