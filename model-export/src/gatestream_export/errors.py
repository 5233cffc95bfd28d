"""Errors with a meaning for the command line."""


class UsageError(Exception):
    """Wrong usage or a missing input: exit code 2."""


class CheckFailedError(Exception):
    """A check found something wrong: exit code 1."""
