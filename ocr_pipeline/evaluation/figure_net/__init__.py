"""The reader of figures: drawn sheets of cells, cut as the program cuts them, to train and to measure it on."""
