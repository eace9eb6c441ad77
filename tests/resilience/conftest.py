"""One instance in this process for one test."""

from collections.abc import Iterator

import pytest

from tests.conftest import Place
from tests.resilience.instances import Instance, instance


@pytest.fixture
def client(place: Place) -> Iterator[Instance]:
    opened = instance(place)
    yield opened
    opened.close()
