"""The widgets of the Inspect screen."""
