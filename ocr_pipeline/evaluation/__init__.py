"""Metrics against ground truth, the speed comparison, and the generator of synthetic reports."""
