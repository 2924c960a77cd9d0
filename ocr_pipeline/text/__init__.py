"""Images of text in, readings out: the engines, the decoder, the lines of a page."""
