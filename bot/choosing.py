"""Choose the classifier that a name stands for: the one place that knows which there are."""

from __future__ import annotations

from bot.errors import SettingsError
from bot.settings import Settings
from classifiers.local import LocalClassifier
from classifiers.protocol import Classifier

LOCAL = "local"


def choose_classifier(name: str, _settings: Settings) -> Classifier:
    """Build the classifier of that name. Raises SettingsError for one that cannot be had, ModelError for a bad file."""
    if name == LOCAL:
        return LocalClassifier.load()
    message = f"The classifier “{name}” is not part of this version of Ballast; use “{LOCAL}”, which needs no key."
    raise SettingsError(message)
