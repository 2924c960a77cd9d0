"""What making a network of our own takes, whichever network: recipe, drawing, training, export, and their commands."""
