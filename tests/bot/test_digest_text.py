from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from bot.digest import Awaiting, Digest
from bot.views.digest_text import SLACK_TEXT_LIMIT, build_slack_text, build_text
from bot.views.text import readable
from classifiers.taxonomy import load_taxonomy
from classifiers.vocabulary import Side
from tests.bot.digest_examples import all_failed, digests, empty_week, full_week, leaning, make_quote, one_insight

TAXONOMY = load_taxonomy()

LOOK_ALIKES = str.maketrans(
    "\N{ASTERISK OPERATOR}\N{MODIFIER LETTER LOW MACRON}\N{TILDE OPERATOR}\N{MODIFIER LETTER GRAVE ACCENT}", "*_~`"
)

FULL_WEEK = """\
Ballast digest · 16–22 Nov 2026
You heard 14 customer problems and 31 user problems in 62 messages.
Customers are 31\u00a0% of that (20–46\u00a0%), within your usual 28\u00a0%.

Customer problem · for those who buy, approve or govern: 14 from 9 accounts
     5  Compliance                +3      4 accounts
     4  Cost                      −1      4 accounts
     3  Admin control             same    2 accounts
     2  Continuity                +2      1 account
  “our auditor wants to see who changed a reading and when, and all we can show
   is the last value”
   First-hand, Fernhill Estates, 18 Nov · https://example.slack.com/archives/C1/p1
  “forty seats, eleven people”
   Relayed, 18 Nov

User problem · for those who work in it: 31 from 17 accounts
    11  Fewer steps               +4      8 accounts
     8  Speed                     +2      6 accounts
     6  Mobility                  −2      4 accounts
     4  Ease of use                       3 accounts
  “I copy every reading by hand from one tab into the other”
   First-hand, Fernhill Estates, 18 Nov · https://example.slack.com/archives/C1/p1
  “The list takes so long that I make tea”
   First-hand, Kelso & Daughters, 18 Nov · https://example.slack.com/archives/C1/p1

Bugs, apart from the balance: 6 reports from 5 accounts, 2 more than in the
period before.
Personas: Daily practitioner 24, Technical gatekeeper 8, Economic buyer 6,
Administrator 4, Unknown 3.
Last 12 weeks, oldest first, from 31 Aug:
  customer     5    8    6    9   11    7   10   12    9   13   11   14
  user        14   17   22   20   24   21   26   22   28   25   33   31
Not counted yet: 3 unsure problems for a person to review, 2 messages still to
be read, 1 message that could not be classified.
Note: Only one account was heard about continuity.
Counted: problems that the classifier is sure of or that a person decided. Not
in the balance: bugs, and what is unsure, waiting or failed. In brackets: the
95\u00a0% interval. The usual share is this team's own, of the twelve weeks before."""  # noqa: RUF001  # the digest's own signs


def test_an_ordinary_week_reads_as_one_screen() -> None:
    assert build_text(full_week(), TAXONOMY) == FULL_WEEK
    assert len(FULL_WEEK.splitlines()) <= 40


def test_an_empty_week_says_so_and_shows_no_share() -> None:
    text = build_text(empty_week(), TAXONOMY)
    assert "Nothing was shared in this period." in text
    assert "Customers are" not in text
    assert "Customer problem" not in text


def test_one_problem_is_told_in_the_singular_and_names_what_is_missing() -> None:
    text = build_text(one_insight(), TAXONOMY)
    assert "You heard no customer problem and 1 user problem in 1 message." in text
    assert "Too few to tell whether that is usual for\nyou: needs 3 more weeks with feedback before" in text
    assert "weeks, oldest first" not in text


def test_a_week_that_nobody_has_read_yet_is_no_week_without_problems() -> None:
    text = build_text(replace(all_failed(), awaiting=Awaiting(unsure=0, waiting=12, failed=0)), TAXONOMY)
    assert "12 messages were shared, and none has been read yet." in text


def test_weeks_in_which_nothing_was_heard_draw_no_trend() -> None:
    silent = replace(full_week(), trend=tuple(replace(week, customer=0, user=0) for week in full_week().trend))
    assert "weeks, oldest first" in build_text(full_week(), TAXONOMY)
    assert "weeks, oldest first" not in build_text(silent, TAXONOMY)


def test_a_week_of_failures_is_no_week_without_problems() -> None:
    text = build_text(all_failed(), TAXONOMY)
    assert "12 messages were shared, and none could be classified yet." in text
    assert "12 messages that could not be classified" in text


@pytest.mark.parametrize(
    ("toward", "words"),
    [
        (Side.CUSTOMER, "against your usual 18\u00a0% (+13 points): you heard customers more than usual."),
        (Side.USER, "against your usual 52\u00a0% (−21 points): you heard users more than usual."),  # noqa: RUF001  # minus sign
    ],
)
def test_the_lean_is_told_against_the_teams_own_norm(toward: Side, words: str) -> None:
    assert words in " ".join(build_text(leaning(toward), TAXONOMY).split("\n"))


def test_slack_text_is_escaped_and_keeps_links_whole() -> None:
    text = build_slack_text(full_week(), TAXONOMY)
    assert "Kelso &amp; Daughters" in text
    assert "https://example.slack.com/archives/C1/p1" in text


def test_slack_text_says_the_same_words_in_the_same_columns() -> None:
    literal = make_quote(words="they wrote &lt;https://x.io|fast&gt; and &lt;b&gt;")
    digest = replace(full_week(), quotes={Side.USER: (literal,)})
    sent = build_slack_text(digest, TAXONOMY)
    assert "“they wrote &lt;https://x.io|fast&gt; and &lt;b&gt;”" in sent
    assert "\n     5  Compliance                +3      4 accounts\n" in sent
    assert readable(sent) == build_text(digest, TAXONOMY)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(digests())
def test_no_history_makes_text_that_pings_formats_or_obeys(digest: Digest) -> None:
    sent = build_slack_text(digest, TAXONOMY)
    assert len(sent) <= SLACK_TEXT_LIMIT
    assert "<" not in sent
    assert ">" not in sent
    shown = build_text(digest, TAXONOMY)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert len(shown.splitlines()) <= 50
    assert shown.startswith(seen(sent).removesuffix("…"))


def test_the_footer_says_once_how_many_messages_a_spent_budget_left_to_the_local_classifier() -> None:
    spent = build_text(replace(full_week(), over_budget=3), TAXONOMY)

    assert " ".join(spent.split()).count("3 messages were read locally: the day's tokens for the language model") == 1
    assert "read locally" not in build_text(full_week(), TAXONOMY)


def seen(sent: str) -> str:
    """Read what was sent as a person sees it: escapes undone, look-alikes as the marks that they are like."""
    return readable(sent).replace("\N{WORD JOINER}", "").translate(LOOK_ALIKES)
