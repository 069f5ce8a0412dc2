"""What a user wants by default: TOML files of a project and of the user, environment variables, keys."""
