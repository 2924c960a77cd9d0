"""What the ``engines`` of several rooms share. Importing this package loads no runtime."""
