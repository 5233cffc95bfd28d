"""Image classifiers with a recurrent part: the systems, and their bundles."""
