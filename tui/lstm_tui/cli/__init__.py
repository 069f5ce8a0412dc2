"""The command line: one module a command. `program` is where it begins."""
