"""Where a language model is asked, and on what terms. Pure; importing it imports no vendor."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

OPENAI = "https://api.openai.com/v1"
NO_KEY = "no-key"
"""What is sent where an endpoint of one's own wants no key: the vendor's client insists on one."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Hold what a million tokens cost, in the currency of whoever configures them."""

    tokens_in: float
    tokens_out: float

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Reckon the cost of so many tokens."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Hold where the model is and how it may be asked."""

    model: str
    api_key: str | None = field(default=None, repr=False)
    base_url: str | None = None
    """None for OpenAI's own; Azure, Ollama, vLLM and LM Studio have theirs, which mostly ends in ``/v1``."""
    mask: bool = True
    """Whether personal data and secrets are masked before a text leaves."""
    timeout_seconds: float = 30.0
    max_retries: int = 2
    concurrency: int = 4
    """How many requests may be under way at once, over all threads."""
    prices: Prices | None = None

    @property
    def url(self) -> str:
        """Name the address; given outright, so that nothing in the environment can change it."""
        return self.base_url or OPENAI

    @property
    def host(self) -> str:
        """Name the host to which words go, with its port where one is given."""
        address = urlsplit(self.url)
        return address.netloc.rpartition("@")[2]
