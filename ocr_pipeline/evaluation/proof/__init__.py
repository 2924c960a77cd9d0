"""Proving the proof: simulated misreadings, confusions of the recognisers, calibration of confidences."""
