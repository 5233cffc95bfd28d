"""From an experiment's result to its part of the report."""
