"""Can the classifiers read: the local model, and the language model where one is turned on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from bot.checks.configuration import Configuration
from bot.checks.diagnosis import Diagnosis, fail, ok, skipped
from bot.choosing import LOCAL, choose_classifier, endpoint_of
from bot.errors import SettingsError
from bot.failure import describe
from bot.settings import Settings
from classifiers.errors import ClassifierError
from classifiers.protocol import Classifier, Context
from classifiers.taxonomy import load_taxonomy

_MODEL_SECONDS = 15.0
_SENTENCE = "Our auditor asks for a log of who changed what, and the export takes nine clicks."


def check_classifier(configuration: Configuration) -> Iterator[Diagnosis]:
    """Load the local model, and ask the language model too where the settings name one; each reads a sentence of ours.

    A language model is asked once, without another try: the one call to it costs what a short message costs.
    """
    if "BALLAST_CLASSIFIER" in configuration.left_out:
        yield skipped("classifier", "Which one is told when BALLAST_CLASSIFIER can be read.")
        return
    settings = configuration.settings
    try:
        local = choose_classifier(LOCAL, settings)
        _read_sentence(local)
        yield ok("classifier", f"The local classifier is ready, model {local.model}.")
    except ClassifierError as error:
        yield fail("classifier", describe(error), "Do what the sentence says; without this model Ballast cannot start.")
    if settings.classifier != LOCAL:
        yield _check_language_model(settings)


def _check_language_model(settings: Settings) -> Diagnosis:
    name = "language model"
    try:
        endpoint = replace(endpoint_of(settings), max_retries=0, timeout_seconds=_MODEL_SECONDS)
    except SettingsError as error:
        return fail(name, describe(error), "Set what the sentence names, or BALLAST_CLASSIFIER=local.")
    from classifiers.llm import LlmClassifier  # noqa: PLC0415 - the vendor's client loads slowly; most need it not

    with closing(LlmClassifier(endpoint)) as model:
        try:
            _read_sentence(model)
        except ClassifierError as error:
            remedy = "Do what the sentence says; until then the local classifier answers."
            return fail(name, f"{endpoint.host}: {describe(error)}", remedy)
    return ok(name, f"{model.model} at {endpoint.host} read a sentence of ours.")


def _read_sentence(classifier: Classifier) -> None:
    classifier.classify([_SENTENCE], Context(load_taxonomy()))
