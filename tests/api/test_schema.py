"""The whole description of the API, asked with what it admits and what it does not: no 5xx, and no other answer than it
says."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.api.app import create_app
from service.settings import Settings
from service.wiring import Wiring

pytestmark = pytest.mark.slow
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [
    (method.upper(), path)
    for path, operations in create_app(Wiring(Settings())).openapi()["paths"].items()
    for method in operations
]


@pytest.fixture(scope="module")
def description(served: str) -> BaseSchema:
    """The OpenAPI description of a running service."""
    return schemathesis.openapi.from_url(f"{served}/openapi.json")


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("mode", GenerationMode)
def test_what_is_described_is_what_is_answered(
    description: BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    operation = description[path][method]

    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.validate_response(case.call(timeout=120), checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:  # where nothing is asked, nothing can be wrong
        assert (mode, method) == (GenerationMode.NEGATIVE, "GET")
        assert path in ("/livez", "/readyz")
