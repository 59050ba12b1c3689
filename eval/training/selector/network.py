"""The selector as a torch module: MiniLM over question and text together, and a head over what it makes of both."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from retrieval.encode.embedded import EmbeddedPieces
from retrieval.select.trained import LONGEST

WIDTH, INNER = 384, 128


class SelectorNetwork(nn.Module):  # type: ignore[misc]
    """Pairs of texts -> one log-odds each that the second answers the first.

    The head sees [CLS], the product of the mean tokens of both texts, and their distance: 3 x 384 -> 128 -> 1.
    """

    def __init__(self) -> None:
        super().__init__()
        config = BertConfig(
            hidden_size=WIDTH,
            num_hidden_layers=6,
            num_attention_heads=12,
            intermediate_size=4 * WIDTH,
            vocab_size=30522,
            attn_implementation="sdpa",
        )
        self.body = BertModel(config, add_pooling_layer=False)
        self.head = nn.Sequential(nn.Linear(3 * WIDTH, INNER), nn.Tanh(), nn.Dropout(0.1), nn.Linear(INNER, 1))

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """Scores [pairs] of padded pairs [pairs, tokens]."""
        tokens = self.body(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        asked, text = _mean(tokens, mask * (1 - types)), _mean(tokens, mask * types)
        joined = torch.cat([tokens[:, 0], asked * text, (asked - text).abs()], -1)
        found: Tensor = self.head(joined).squeeze(-1)
        return found


def _mean(tokens: Tensor, mask: Tensor) -> Tensor:
    return (tokens * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)


class Pairs:
    """Texts -> what the network takes, by the bundled encoder's tokenizer."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._pieces = EmbeddedPieces(longest=longest)

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> tuple[Tensor, Tensor, Tensor]:
        """Ids, types and mask, [pairs, tokens] each."""
        read = self._pieces.paired(pairs)
        ids = torch.zeros(len(read), max(len(one.ids) for one in read), dtype=torch.long)
        types, mask = ids.clone(), ids.clone()
        for row, one in enumerate(read):
            size = len(one.ids)
            ids[row, :size] = torch.tensor(one.ids)
            types[row, :size] = torch.tensor(one.type_ids)
            mask[row, :size] = 1
        return ids, types, mask
