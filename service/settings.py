"""Settings: read here, from `AETHER_*` variables, and nowhere else. Unknown `AETHER_*` variables are errors."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import UsageError

ComposerKind = Literal["extractive", "openai-like", "ollama", "anthropic"]


class Settings(BaseSettings):
    """What can be set.

    store          folder of the store
    index          URL of a Qdrant server; "" = the embedded index inside the store
    index_key      API key of that server
    encoder        "embedded", or the name or folder of a sentence-transformers model (extra [st])
    reranker       what reads the best passages of a search again: "none", "embedded" (the encoder's token vectors,
                   compared piece by piece), or the name or folder of a sentence-transformers cross-encoder (extra
                   [st])
    selector       what reads the best sentences beside the question: "none", or the folder that
                   `python -m eval.training.selector.train` wrote
    verifier       who judges last whether citations support a sentence: "embedded" is the trained one that comes with
                   Aether, "alignment" compares words alone, "none" leaves it to the checks, or the name or folder of a
                   sentence-transformers cross-encoder (extra [st])
    threshold      probability of being answerable below which a question is refused; negative = as fitted
    file_mb        files larger than this are refused, in megabytes
    parse_seconds  time limit of one file's parser
    parse_mb       memory limit of one file's parser, in megabytes
    workers        processes that parse
    wait           seconds to wait for a store that another process is using
    api_key        what callers of aether serve must present as a bearer token; "" = loop-back only, without one
    serve_threads  threads of aether serve that answer
    serve_waiting  requests that may wait for one of them; more are told to come back
    ask_seconds    seconds after which aether serve gives a question up
    read_ahead     aether serve computes the vectors of sentences while nobody asks, and keeps them in the store
    per_minute     requests a minute that one caller of aether serve may make, 0 = any number
    tokens_per_day tokens of language models a day that one caller may spend, 0 = any number
    log_form       how aether serve logs: "text" for people, "json" for programs
    traces         address of a collector of OpenTelemetry traces, as http://HOST:4318/v1/traces; "" = none are made
    journal_days   days for which aether serve keeps the answers that it gave, in the store; 0 = it keeps none
    mermaid        file of the mermaid library, with which the web page draws diagrams; none = their text alone
    nights         folder of aether-eval nightly, whose reports the web page shows
    debug          show where an error was raised
    composer       what writes answers: "extractive" (the documents' own words), or a language model, by the protocol
                   that its endpoint speaks: "openai-like" (extra [openai]), "ollama", "anthropic" (extra
                   [anthropic])
    llm_model      name of the language model
    llm_url        address of its endpoint; "" = Anthropic's own, for "anthropic" only
    llm_key        key of that endpoint
    llm_window     tokens that the model can take in
    llm_reply      tokens that one reply may have
    llm_tokens     tokens that one answer may cost, in and out together
    llm_calls      calls that one answer may cost, repairs and retries included
    llm_seconds    seconds that one answer may wait for the model; then the documents' own words are the answer; keep it
                   below ask_seconds
    llm_prices     price of a million tokens in and out by model, as JSON: {"MODEL": [0.5, 1.5]}
    """

    model_config = SettingsConfigDict(env_prefix="AETHER_", frozen=True)

    store: Path = Path(".aether")
    index: str = ""
    index_key: SecretStr = SecretStr("")
    encoder: str = "embedded"
    reranker: str = "none"
    selector: str = "none"
    verifier: str = "embedded"
    threshold: float = -1.0
    file_mb: int = 200
    parse_seconds: float = 120.0
    parse_mb: int = 2048
    workers: int = 2
    wait: float = 5.0
    api_key: SecretStr = SecretStr("")
    serve_threads: int = 2
    serve_waiting: int = 64
    ask_seconds: float = 60.0
    read_ahead: bool = True
    per_minute: int = 0
    tokens_per_day: int = 0
    log_form: Literal["text", "json"] = "text"
    traces: str = ""
    journal_days: int = Field(default=0, ge=0)
    mermaid: Path | None = None
    nights: Path = Path(".aether/eval")
    debug: bool = False
    composer: ComposerKind = "extractive"
    llm_model: str = ""
    llm_url: str = ""
    llm_key: SecretStr = SecretStr("")
    llm_window: int = Field(default=8_192, ge=1_024)
    llm_reply: int = Field(default=1_024, ge=64)
    llm_tokens: int = Field(default=24_000, ge=1)
    llm_calls: int = Field(default=4, ge=1)
    llm_seconds: float = Field(default=40.0, gt=0)
    llm_prices: dict[str, tuple[float, float]] = {}

    def digest(self) -> str:
        """Names the settings that can change an answer."""
        told = f"{self.encoder}\0{self.threshold}\0{self.verifier}"
        if self.reranker != "none":
            told += f"\0reranker {self.reranker}"
        if self.selector != "none":
            told += f"\0selector {self.selector}"
        if self.composer != "extractive":
            told += f"\0{self.composer}\0{self.llm_model}\0{self.llm_window}\0{self.llm_reply}"
            told += f"\0{self.llm_tokens}\0{self.llm_calls}\0{self.llm_seconds}"
        return hashlib.sha256(told.encode()).hexdigest()[:12]


def read_settings(**overrides: object) -> Settings:
    """The settings of this process. Raises `UsageError` on an unknown or malformed one."""
    for name in os.environ:
        if name.startswith("AETHER_") and name[7:].lower() not in Settings.model_fields:
            raise UsageError("unknown setting", item=name, next_step="See aether settings")
    try:
        return Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "AETHER_" + str(first["loc"][0]).upper()
        raise UsageError(first["msg"], item=name, next_step="See aether settings") from error
