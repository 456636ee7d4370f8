"""What all tests share."""

from hypothesis import settings

# A machine may be busy: how long an example takes says nothing about the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
