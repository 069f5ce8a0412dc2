"""A training as the app sees it: the thread that follows it, and the state that the screens show."""
