"""Can the classifier read: its model loads, and labels a sentence."""

from __future__ import annotations

from bot.checks.configuration import Configuration
from bot.checks.diagnosis import Diagnosis, fail, ok, skipped
from bot.choosing import LOCAL, choose_classifier
from bot.errors import SettingsError
from bot.failure import describe
from classifiers.errors import ClassifierError
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy

_SENTENCE = "Our auditor asks for a log of who changed what, and the export takes nine clicks."


def check_classifier(configuration: Configuration) -> Diagnosis:
    """Build the classifier that the settings name; the local one, which costs nothing, reads a sentence of ours."""
    if "BALLAST_CLASSIFIER" in configuration.left_out:
        return skipped("classifier", "Which one is told when BALLAST_CLASSIFIER can be read.")
    name = configuration.settings.classifier
    try:
        classifier = choose_classifier(name, configuration.settings)
        if name == LOCAL:
            classifier.classify([_SENTENCE], Context(load_taxonomy()))
    except (SettingsError, ClassifierError) as error:
        return fail("classifier", f"{name}: {describe(error)}", "Do what the sentence says; feedback waits until then.")
    asked = "" if name == LOCAL else " Its endpoint was not asked."
    return ok("classifier", f"{classifier.name} is ready, model {classifier.model}.{asked}")
