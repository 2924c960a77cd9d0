"""The model runtimes of this room."""
