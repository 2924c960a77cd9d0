"""The part of training that needs torch. Importing this package does not."""
