from hypothesis import settings

# How long an example takes depends on what else the machine does; a hanging test meets pytest's own limit.
settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")
