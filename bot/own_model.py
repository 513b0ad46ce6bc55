"""The local classifier that reads: a team's own model where one was trained and fits, else the one that ships."""

from __future__ import annotations

import logging
from pathlib import Path

from bot.logs import said
from bot.settings import Settings
from classifiers.errors import ModelError, OtherTaxonomyError
from classifiers.local import LocalClassifier
from classifiers.taxonomy import load_taxonomy

log = logging.getLogger(__name__)

_AGAIN = "Train it again with “ballast train --with-reviews”, or delete its folder."


def own_model_folder(settings: Settings) -> Path:
    """Say where a model that was trained with a team's own reviews lies: beside its history, never in the package."""
    return settings.data_dir.expanduser().absolute() / "model"


def load_local(settings: Settings) -> LocalClassifier:
    """Load the model that reads. One's own that cannot be used is told in the log, and the shipped one reads.

    Raises ModelError where the shipped one is missing or damaged.
    """
    folder = own_model_folder(settings)
    if (folder / "model.json").is_file():
        try:
            return load_fitting(folder)
        except OtherTaxonomyError as error:
            _tell(type(error).__name__, "was trained on another version of the taxonomy")
        except ModelError as error:
            _tell(type(error).__name__, "is missing a file, damaged, or of another version of Ballast")
    return LocalClassifier.load()


def load_fitting(folder: Path) -> LocalClassifier:
    """Load a model of one's own. Raises ModelError; OtherTaxonomyError where its labels are not today's."""
    own, version = LocalClassifier.load(folder), load_taxonomy().version
    if own.taxonomy_version != version:
        message = f"the model has version {own.taxonomy_version} of the taxonomy, and this Ballast has {version}"
        raise OtherTaxonomyError(message)
    return own


def _tell(reason: str, why: str) -> None:
    log.warning("Your own model %s, so the shipped one reads. %s", why, _AGAIN, extra=said("model.own", error=reason))
