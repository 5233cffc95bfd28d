"""One module a command, named after it: each adds its parser and holds its call."""
