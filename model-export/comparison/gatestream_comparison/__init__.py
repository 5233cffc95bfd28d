"""The systems side by side: experiments, plots and the report."""
