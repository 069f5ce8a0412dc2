"""A training as the app sees it: the state that the screens show."""
