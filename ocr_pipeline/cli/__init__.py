"""The command line. Each command has a file: it parses, then calls a plain function."""

from ocr_pipeline.cli.app import main

__all__ = ["main"]
