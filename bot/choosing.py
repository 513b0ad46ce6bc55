"""Choose the classifier that a name stands for: the one place that knows which there are.

A key in the environment changes nothing; only ``BALLAST_CLASSIFIER``, or an option of a command, does.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.failure import describe
from bot.logs import said
from bot.own_model import load_fitting, load_local
from bot.settings import Settings
from classifiers.chain import LlmWithFallback, LocalThenLlm
from classifiers.endpoint import Endpoint, Prices
from classifiers.errors import ClassifierError, ModelError, OtherTaxonomyError
from classifiers.local import LocalClassifier
from classifiers.memory import Embed, WithMemory
from classifiers.protocol import Classifier

if TYPE_CHECKING:
    from classifiers.llm import LlmClassifier

log = logging.getLogger(__name__)

LOCAL, LLM, LOCAL_THEN_LLM = "local", "llm", "local-then-llm"


@dataclass(frozen=True, slots=True)
class Reader:
    """Hold a classifier, and what embeds texts for the memory; None where nothing is to be remembered."""

    classifier: Classifier
    embed: Embed | None = None


def choose_reader(name: str, settings: Settings) -> Reader:
    """Build the classifier of that name with memory. Raises as ``choose_classifier``."""
    local = load_local(settings)
    return Reader(WithMemory(_chosen(name, settings, local)), local.embed)


def choose_classifier(name: str, settings: Settings) -> Classifier:
    """Build the classifier of that name; nothing is asked over the network yet. ``local:FOLDER`` is a model there.

    Raises SettingsError for one that cannot be had, with what to set; ModelError where the shipped model is damaged.
    """
    kind, _, folder = name.partition(":")
    if kind == LOCAL and folder:
        return _load_own(Path(folder))
    return _chosen(name, settings, load_local(settings))


def _load_own(folder: Path) -> LocalClassifier:
    try:
        return load_fitting(folder)
    except ModelError as error:
        other = isinstance(error, OtherTaxonomyError)
        wrong = "has the taxonomy of another version" if other else "is missing, damaged or of another version"
        message = (
            f"The model in “{folder}” {wrong} of Ballast; name the folder of another, or train it again with"
            " “ballast train --out FOLDER”."
        )
        raise SettingsError(message) from error


def _chosen(name: str, settings: Settings, local: LocalClassifier) -> Classifier:
    if name == LOCAL:
        return local
    if name not in {LLM, LOCAL_THEN_LLM}:
        message = f"There is no classifier “{name}”; use “{LOCAL}”, which needs no key, “{LLM}” or “{LOCAL_THEN_LLM}”."
        raise SettingsError(message)
    chain = LlmWithFallback(build_llm(settings), local, clock=time.monotonic, report=_report)
    return chain if name == LLM else LocalThenLlm(local, chain)


def build_llm(settings: Settings) -> LlmClassifier:
    """Build the language-model classifier without its fall-back. Raises SettingsError, saying what to set."""
    endpoint = endpoint_of(settings)
    from classifiers.llm import LlmClassifier  # noqa: PLC0415 - the vendor's client loads slowly; most need it not

    return LlmClassifier(endpoint)


def endpoint_of(settings: Settings) -> Endpoint:
    """Read from the settings where the model is and how it is asked. Raises SettingsError with all that is missing."""
    key = settings.openai_api_key
    missing = [
        *(
            ["OPENAI_API_KEY, or OPENAI_BASE_URL where your own endpoint needs no key"]
            if key is None and settings.openai_base_url is None
            else []
        ),
        *(
            ["BALLAST_LLM_MODEL, the model's name at its endpoint, such as gpt-5-mini"]
            if not settings.llm_model
            else []
        ),
    ]
    if missing or settings.llm_model is None:
        message = f"A language model is asked for, but this is not set: {'; '.join(missing)}."
        raise SettingsError(message)
    return Endpoint(
        model=settings.llm_model,
        api_key=None if key is None else key.get_secret_value(),
        base_url=settings.openai_base_url,
        mask=settings.llm_mask == "on",
        prices=_prices(settings),
    )


def _prices(settings: Settings) -> Prices | None:
    tokens_in, tokens_out = settings.llm_price_in, settings.llm_price_out
    if tokens_in is None and tokens_out is None:
        return None
    if tokens_in is None or tokens_out is None:
        message = "Set both BALLAST_LLM_PRICE_IN and BALLAST_LLM_PRICE_OUT, or neither."
        raise SettingsError(message)
    return Prices(tokens_in, tokens_out)


def _report(error: ClassifierError) -> None:
    """Say in the log what is wrong with the model and what to do; its messages hold no customer's words."""
    log.warning(
        "The language model could not be used; the local classifier answered: %s",
        describe(error),
        extra=said("model.failed", error=type(error).__name__),
    )
