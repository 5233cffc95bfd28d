"""Data sets: the user's clips, annotations, CIFAR-10 and the digits."""
