"""What the commands share; `program` is the entry point."""
