"""What the local classifier makes of plain sentences: a table for product people, held as tests.

The sentences were written for this table; the model was not trained or tuned on them.
"""

import pytest

from classifiers.local import LocalClassifier
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy

CUSTOMER = [
    # what someone says, and what it is about
    ("We can't sign until you show us an ISO 27001 certificate.", "compliance"),
    ("Our auditor asked for a log of who changed which price and when.", "compliance"),
    ("Customer data has to stay in the EU, says their data protection officer.", "compliance"),
    ("The renewal quote is 30% higher than last year and procurement will not approve it.", "cost"),
    ("Please support single sign-on with Okta, our security team insists on it.", "security"),
    ("As an admin I need to assign roles to 300 people at once from our directory.", "admin_control"),
    ("The board wants a monthly report of spend across all regions.", "reporting"),
    ("It must push invoices into our SAP system automatically or IT will block the rollout.", "integration"),
    ("Only 20% of the seats we bought are used, the CFO asks what we get for the money.", "roi"),
    ("What happens to our records if you go out of business? We need an exit plan.", "continuity"),
]
USER = [
    ("The search page takes 20 seconds to load every time.", "speed"),
    ("I have to click through six screens just to log one call.", "fewer_steps"),
    ("I keep typing the same address twice into two forms.", "fewer_steps"),
    ("The app crashed and I lost an hour of notes.", "reliability"),
    ("I can't find where to change the due date, the menu is so confusing.", "ease_of_use"),
    ("Way too many notifications, I miss the ones that matter.", "simplicity"),
    ("There is no offline mode, so I can't use it on my phone in the basement.", "mobility"),
]
NEITHER = [
    "Thanks everyone, great demo today!",
    "Lunch is at noon, see you in the kitchen.",
    "How do I reset my password?",
    "Deploy finished, all checks green.",
]


@pytest.mark.parametrize(
    ("sentence", "side", "theme"),
    [*((words, "customer", theme) for words, theme in CUSTOMER), *((words, "user", theme) for words, theme in USER)],
)
def test_sentence_has_the_side_and_theme_that_a_product_person_expects(
    local: LocalClassifier, sentence: str, side: str, theme: str
) -> None:
    found = local.classify([sentence], Context(load_taxonomy()))[0]
    assert found.side == side
    assert theme in {insight.labels.theme for insight in found.insights}


@pytest.mark.parametrize("sentence", NEITHER)
def test_sentence_without_a_problem_has_no_insight(local: LocalClassifier, sentence: str) -> None:
    assert local.classify([sentence], Context(load_taxonomy()))[0].insights == ()


@pytest.fixture(scope="module")
def local() -> LocalClassifier:
    return LocalClassifier.load()
