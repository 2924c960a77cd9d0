"""The page where a person settles what was flagged: a server over saved reports. ``review.app`` makes it."""
