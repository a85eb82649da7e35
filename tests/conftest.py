"""What all tests share."""

from hypothesis import settings

# A property is about values, not time: on a busy machine a deadline would fail it for nothing. The examples are
# always the same, so that a failure is one that everybody sees.
settings.register_profile("collabtrace", deadline=None, derandomize=True)
settings.load_profile("collabtrace")
