"""The errors of this package: one tree, so that a caller can catch every failure to classify at once.

An error is never a label. Whoever catches one leaves the text unclassified and says so.
"""

from __future__ import annotations

from classifiers.vocabulary import Usage


class ClassifierError(Exception):
    """Something kept a text from being classified; the message tells what to do next and quotes no text."""

    usage = Usage()
    """What was bought before it failed: a budget counts it too."""


class ModelError(ClassifierError):
    """The local model cannot be used: its file is missing, damaged or of another version."""


class OtherTaxonomyError(ModelError):
    """A model gives labels of another version of the taxonomy than the one in use."""


class UnavailableError(ClassifierError):
    """A classifier that is asked over the network did not answer; asking again later may help."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        """Keep how long the other side asked us to wait, where it said so."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class RefusedError(ClassifierError):
    """The other side refused for a reason that asking again does not cure: a wrong key, an unknown model."""


class ReplyError(ClassifierError):
    """A reply came and cannot be used; the message says why. It is never read as "no insight"."""


class BudgetSpentError(ClassifierError):
    """The workspace's budget for today does not allow this call."""


class TaxonomyError(ClassifierError):
    """The taxonomy, or a label that is not in it, is wrong; the message names the nearest right one."""
