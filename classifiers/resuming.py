"""Lay a training aside after each epoch, so that one that broke off goes on there. Needs the ``train`` extra."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError

import torch

from classifiers.network import Network


@dataclass(frozen=True, slots=True)
class Run:
    """Hold all that moves while a network is trained."""

    network: Network
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LambdaLR
    average: torch.optim.swa_utils.AveragedModel
    draw: random.Random

    def lay_aside(self, path: Path, epochs: int) -> None:
        """Write where the training stands after so many epochs; what breaks off meanwhile leaves the last state."""
        version, places, spare = self.draw.getstate()
        state = {
            "epochs": epochs,
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "average": self.average.state_dict(),
            "draw": (version, list(places), spare),
            "chance": torch.get_rng_state(),
        }
        unfinished = path.with_name(f"unfinished-{path.name}")
        torch.save(state, unfinished)
        unfinished.replace(path)

    def take_up(self, path: Path) -> int:
        """Go back to where a training was laid aside, and return how many epochs it had; 0 where none was.

        What cannot be read, for the machine died while it was written, is no training that was laid aside.
        """
        try:
            state = torch.load(path, weights_only=True)
        except (OSError, EOFError, RuntimeError, UnpicklingError):
            return 0
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        self.average.load_state_dict(state["average"])
        version, places, spare = state["draw"]
        self.draw.setstate((version, tuple(places), spare))
        torch.set_rng_state(state["chance"])
        return int(state["epochs"])
