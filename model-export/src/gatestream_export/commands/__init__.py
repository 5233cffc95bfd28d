"""One module a group of commands: each adds its parsers and holds their calls."""
