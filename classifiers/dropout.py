"""Drop parts of what a network says while it learns, eight chances a draw. Needs the ``train`` extra.

PyTorch's own draws each chance by itself, on one core: without an accelerator that took a fifth of every step.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

_CHANCES = 256
"""What one byte can be."""
_LEAST = -(2**63)
"""The least whole number of eight bytes, from which up each byte is equally likely to be anything."""


class Dropout(nn.Module):
    """Set a share of numbers to nought while training, and raise the others so that their sum is expected to stay."""

    def __init__(self, share: float) -> None:
        """Take the share to drop; it is rounded to 256ths."""
        super().__init__()
        self._dropped = round(share * _CHANCES)

    def forward(self, states: Tensor) -> Tensor:
        """Return numbers of the same shape; those that were given where the network is not being trained."""
        if not self.training:
            return states
        count = states.numel()
        drawn = torch.empty(-(-count // 8), dtype=torch.int64).random_(_LEAST, None)
        chances = drawn.view(torch.uint8)[:count].view(states.shape)
        kept = torch.ge(chances, self._dropped, out=torch.empty(states.shape, dtype=states.dtype))
        return states * kept.mul_(_CHANCES / (_CHANCES - self._dropped))


def quicken(module: nn.Module) -> None:
    """Put this dropout in the place of PyTorch's, wherever that drops anything."""
    for name, part in module.named_children():
        if isinstance(part, nn.Dropout) and part.p:
            setattr(module, name, Dropout(part.p))
        else:
            quicken(part)
