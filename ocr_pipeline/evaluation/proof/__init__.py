"""Proving the proof: simulated misreadings and mistakes of issuers, calibration of confidences."""
