"""The user's configuration: TOML files, environment variables and keys."""
