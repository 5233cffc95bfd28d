"""One module an experiment, by its name: each with `run(context) -> dict`."""
