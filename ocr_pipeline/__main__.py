"""``python -m ocr_pipeline`` is the command ``ocr-pipeline``."""

import sys

from ocr_pipeline.cli import main

if __name__ == "__main__":
    sys.exit(main())
