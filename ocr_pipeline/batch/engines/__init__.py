"""The engines: where the tasks of a batch are run."""
