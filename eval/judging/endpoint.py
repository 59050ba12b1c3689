"""A judge on any OpenAI-compatible server: one chat completion a prompt, answered as JSON."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

from eval.judging.port import JudgeFailure

_TRIES, _PAUSE = 3, 0.5


class EndpointJudge:
    """Asks `URL/chat/completions`. `timeout` is in seconds for one try; what is busy or breaks is asked again."""

    def __init__(self, url: str, model: str, *, key: str = "", timeout: float = 60.0, pause: float = _PAUSE) -> None:
        self._url = url.rstrip("/") + "/chat/completions"
        self._model, self._key, self._timeout, self._pause = model, key, timeout, pause
        self.identity = f"endpoint/{model}"
        self.label = f"judge: {model}"

    def fields(self, prompt: str, wanted: str, schema: dict[str, Any]) -> dict[str, Any]:
        """The fields, as the model says them."""
        body = {
            "model": self._model,
            "temperature": 0,
            "messages": [{"role": "user", "content": prompt}],
            "response_format": {"type": "json_schema", "json_schema": {"name": wanted, "schema": schema}},
        }
        said = self._asked(json.dumps(body).encode())
        try:
            text = json.loads(said)["choices"][0]["message"]["content"]
            found = json.loads(text[text.index("{") : text.rindex("}") + 1])
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise JudgeFailure("the judge said no JSON", item=self.identity) from error
        return dict(found)

    def _asked(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
        why = ""
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(self._pause * 2 ** (attempt - 1))
            try:
                request = urllib.request.Request(self._url, body, headers)
                with urllib.request.urlopen(request, timeout=self._timeout) as response:
                    return bytes(response.read())
            except urllib.error.HTTPError as error:
                why = f"status {error.code}"
                if error.code not in (408, 429, 500, 502, 503, 504):
                    break
            except OSError as error:
                why = str(error)
        raise JudgeFailure(f"the judge does not answer ({why})", item=self.identity, next_step="See the server's log")
