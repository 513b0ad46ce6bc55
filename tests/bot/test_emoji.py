"""One emoji has several names, of which Slack tells one and people type any."""

import pytest

from bot.emoji import is_same_emoji


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("thumbsup", "+1"),
        (":thumbsdown:", "-1"),
        ("memo", "pencil"),
        ("shit", "poop"),
        ("uk", "flag-gb"),
        ("raised_hand", "hand::skin-tone-4"),
        ("+1::skin-tone-2", "thumbsup::skin-tone-6"),
        ("Inbox_Tray", "inbox_tray"),
        ("our_own", "our_own"),
    ],
)
def test_both_names_of_an_emoji_are_the_same_in_every_skin_tone(typed: str, told: str) -> None:
    assert is_same_emoji(typed, told)
    assert is_same_emoji(told, typed)


@pytest.mark.parametrize(("typed", "told"), [("thumbsup", "-1"), ("pencil", "pencil2"), ("our_own", "their_own")])
def test_other_emoji_are_others(typed: str, told: str) -> None:
    assert not is_same_emoji(typed, told)
