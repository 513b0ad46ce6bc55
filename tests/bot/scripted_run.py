"""``ballast --debug run`` but for its classifier: what a message holds is then the test's choice and no model's."""

import os
import sys

from bot.build import build_ballast
from bot.logs import configure_logging
from bot.serving import serve
from bot.settings import load_settings
from tests.scripted_classifier import ScriptedClassifier


def announce(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    configure_logging(form="text", debug=True)
    serve(lambda: build_ballast(load_settings(os.environ), classifier=ScriptedClassifier()), announce)
    os._exit(0)
