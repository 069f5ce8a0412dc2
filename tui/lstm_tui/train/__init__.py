"""Train: settings, backends, loss curves."""
