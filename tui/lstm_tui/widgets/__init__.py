"""The parts of the screens, by area: frame (around every screen), settings, training, forecast."""
