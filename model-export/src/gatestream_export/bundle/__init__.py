"""The model bundle: its contract, its graphs, its golden files and every check of it."""
