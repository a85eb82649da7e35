"""What all tests share."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from collabtrace import compiled

# A property is about values, not time: on a busy machine a deadline would fail it for nothing. The examples are
# always the same, so that a failure is one that everybody sees.
settings.register_profile("collabtrace", deadline=None, derandomize=True)
settings.load_profile("collabtrace")


@pytest.fixture(scope="module", params=["compiled", "interpreted"])
def both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run the tests of a module with what is compiled, and again without."""
    core = compiled.core
    if request.param == "compiled" and core is None:
        pytest.skip("nothing is compiled here")
    compiled.core = core if request.param == "compiled" else None
    yield
    compiled.core = core
