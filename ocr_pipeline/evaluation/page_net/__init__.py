"""Trains the page network on generated pages and measures what its maps are worth.

``python -m ocr_pipeline.evaluation.page_net --help`` lists the steps; ``models/page_net/README.md`` is the model card.
"""
