"""What a service counts of itself, in the form that Prometheus reads.

Labels are few and bounded: the pattern of a path, never the path; a status; the id of a key, and only for what language
models spend and protocols do. Nothing counts documents, because not everyone may know how many there are.
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from service.answer import Answer

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 2.0, 5.0, 15.0, 60.0)


class Meter:
    """The counters of one service. `waiting` says how many requests wait."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "aether_requests", "Requests that were answered", ["method", "path", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "aether_request_seconds",
            "From a request to its last byte",
            ["path"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "aether_answers", "Answers by status, refusals by reason", ["status", "reason"], registry=self._registry
        )
        self._stages = Histogram(
            "aether_stage_seconds", "Stages of an answer", ["stage"], buckets=_SECONDS, registry=self._registry
        )
        self._tokens = Counter(
            "aether_tokens",
            "Tokens of language models",
            ["model", "direction", "key", "protocol"],
            registry=self._registry,
        )
        self._cost = Counter(
            "aether_cost",
            "Cost of language models, in the currency of the price table",
            ["model", "key", "protocol"],
            registry=self._registry,
        )
        self._reports = Counter("aether_reports", "Reports of protocols", ["protocol", "key"], registry=self._registry)
        self._jobs = Counter("aether_jobs", "Jobs that ended", ["kind", "status"], registry=self._registry)
        Gauge("aether_waiting", "Requests that wait for a thread", registry=self._registry).set_function(waiting)

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        """A request was answered. `path` is the pattern of a path."""
        self._requests.labels(method, path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def answer(self, made: Answer, key: str, protocol: str = "ask") -> None:
        """An answer was made for the bearer of a key, "" without one."""
        self._answers.labels(made.status, made.refusal.reason if made.refusal else "").inc()
        for stage, milliseconds in made.timing_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)
        if made.usage:
            model = made.usage.model
            self._tokens.labels(model, "in", key, protocol).inc(made.usage.tokens_in)
            self._tokens.labels(model, "out", key, protocol).inc(made.usage.tokens_out)
            self._cost.labels(model, key, protocol).inc(made.usage.cost or 0.0)

    def report(self, protocol: str, key: str) -> None:
        """A protocol's report was made; none costs tokens."""
        self._reports.labels(protocol, key).inc()

    def job(self, kind: str, status: str) -> None:
        """A job ended."""
        self._jobs.labels(kind, status).inc()

    def page(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)
