"""The JSON API against its own description, by schemathesis: whatever is sent, no 5xx and no answer of another shape."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app_running import Running, run_app
from firsthand.web.apis.v1.routes import DESCRIPTION

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [
    (method.upper(), path)
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
    if operation["operationId"] != "follow"  # it goes out to the network, to whatever address is drawn
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An app of its own with articles and stories: what is sent at random also marks and unfollows."""
    for running in run_app(tmp_path_factory.mktemp("schema")):
        running.follow_all()
        running.poll()
        yield running


@pytest.fixture(scope="module")
def headers(world: Running) -> dict[str, str]:
    desk = world.house.desk
    return {"Authorization": f"Bearer {desk.tokens.make(world.house.store.readers.owner(), 'schemathesis').secret}"}


@pytest.fixture(scope="module")
def described(world: Running):
    return schemathesis.openapi.from_url(f"{world.base}/api/v1/openapi.json")


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_sent_is_answered_as_described(
    described, headers: dict[str, str], method: str, path: str, mode: GenerationMode
) -> None:
    operation = described[path][method]

    @settings(max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    with contextlib.suppress(Unsatisfiable):  # nothing that is wrong can be sent where nothing is sent
        ask()


def test_what_there_is_has_the_shape_that_is_described(world: Running, described, headers: dict[str, str]) -> None:
    house = world.house
    owner = house.store.readers.owner()
    articles = [one.id for one in house.desk.browse.front(owner).listing.headlines]
    stories = [one.head.id for one in house.desk.stories.front(owner).items]
    asked = [("/articles", {}), ("/feeds", {}), ("/stories", {}), ("/changes", {}), ("/me", {})]
    asked += [("/articles/{article_id}", {"article_id": key}) for key in articles]
    asked += [("/stories/{story_id}", {"story_id": key}) for key in stories]
    for path, parameters in asked:
        case = described[f"/api/v1{path}"]["GET"].Case(path_parameters=parameters)
        answer = case.call(headers=headers)
        assert answer.status_code == 200, (path, parameters)
        case.validate_response(answer)
    assert articles
    assert stories
