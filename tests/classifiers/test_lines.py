"""What mail and chat put around words is told from the words, and nothing that somebody says is blanked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.lines import without_surroundings
from classifiers.writers import by_writers, history_of

SAID = "The export is broken again and nobody can close the month."

SURROUNDED = {
    "greeting": "Hi Tom,\n\n{}",
    "greeting and wishes": "Good morning everyone, hope you are well.\n\n{}",
    "greeting of many": "Hey team, quick question:\n{}",
    "greeting in small letters": "hi nina\n{}",
    "leave and title": "{}\n\nKind regards,\nJane Doe\nChief Information Security Officer\nMegabank",
    "leave with a name": "{}\nCordially, Inmaculada",
    "address": "{}\n\n--\nJane Doe\nMegabank plc, 12 King Street, London\n+44 20 7946 0000 | www.megabank.example",
    "telephone": "{}\n\nBest,\nJulia\n\nSent from my phone",
    "notice": (
        "{}\n\nBest,\nJulia\n\nThis e-mail and any attachment is confidential and intended only for the addressee. "
        "If you are not the intended recipient please delete it."
    ),
    "notice above": "CAUTION: this e-mail came from outside the company.\n\n{}",
    "passed on": (
        "---------- Forwarded message ---------\nFrom: Elena Ruiz <elena@clinic.example>\nDate: Mon, 2 Feb 2026\n"
        "To: <pm@vendor.example>\n\nDear all,\n\n{}\n\nKind regards,\nElena Ruiz\nPractice manager"
    ),
    "passed on by role": "---------- Forwarded message ----------\nFrom: chief pharmacist\nTo: our rep\n{}",
    "from outside": "[External] This came from outside of the organization.\n\n{}",
    "copied from a chat": "Kim Lee  12:04 PM\n{}",
    "copied from another": "Kim O'Neil [12:04]\n{}",
    "copied with the time below": "Kim Lee (Acme)\n  12:04 PM\n{}",
    "who wrote": "On Tue, 3 Mar 2026 at 09:12, Julia <j@x.example> wrote:\n{}",
    "quoted": "> Dear team,\n> \n> {}\n> \n> Kind regards\n> Jane",
}


@pytest.mark.parametrize("around", SURROUNDED.values(), ids=SURROUNDED)
def test_what_stands_around_words_is_blanked_and_the_words_keep_their_place(around: str) -> None:
    text = around.format(SAID)
    left = without_surroundings(text)
    assert left.strip(" \n>") == SAID
    assert len(left) == len(text)
    assert left.index(SAID) == text.index(SAID)


@pytest.mark.parametrize("around", SURROUNDED.values(), ids=SURROUNDED)
def test_lines_end_as_they_do_in_files_of_windows(around: str) -> None:
    text = around.format(SAID).replace("\n", "\r\n")
    assert without_surroundings(text).strip(" \r\n>") == SAID


@pytest.mark.parametrize(
    "text",
    [
        "Hi Tom, the export is gone.",
        "From: the list view\nTo: a board view",
        "Thanks\n- the export is slow for all of us\n- no single sign-on",
        "Thanks for that.\nThe export has been gone for weeks.\nNobody can tell me why.",
        "On Monday nobody could say who wrote: it is not shown.",
        "Date: nobody can sort by it",
        "The standup moved from 9:00 to 12:30",
        "Best",
        "Hello team,",
        "This message is too long for the field, it says.",
        "hey exporting takes ten minutes\ncan someone look at it today?",
        "Hi we need SSO before March\nis that planned?",
        "Hey Guests can see every salary\nWho can fix this today?",
        "hi guys, exporting is slow\nsince Monday",
        "Seen on site today.\n\nWarning: confidential salaries are visible to every intern in the shared export.",
        "Two things.\n\nThe information in this report is confidential and yet every guest can open it.",
        "Love the new page\nthanks!\nthe export still drops columns",
        "Great support\nThanks\nOnly the reports take forever to load",
        "The new page is great.\nThanks\n検索が遅すぎます。",
        "What broke today:\nTABLES\nsorting loses rows",
        "All went well.\n\nWarning: anyone from outside the company can open our files.",
        "All went well.\n\nThis message is confidential feedback: the search takes a minute.",
        "Hey search takes forever!\nOtherwise all is well.",
        "Hi Sam, hope you can mend the search, it takes a minute.\nThe new page is great.",
        "Some notes.\nOn mobile the editor loses my text.\nMy colleague Kim wrote:\n> same here",
        "1.5 GB files fail every time\n3.5 MB files do not",
        "The login page is fine now.\nThanks,\nAnn\nPS: exporting a report takes ten minutes",
    ],
)
def test_what_somebody_says_is_not_blanked(text: str) -> None:
    assert without_surroundings(text) == text


@pytest.mark.parametrize("ruler", ["_" * 32, "*" * 40, "=" * 80, "-" * 40, "- " * 12, "─" * 20, "~" * 9])
def test_a_ruler_says_nothing(ruler: str) -> None:
    text = f"{ruler}\n{SAID}\n{ruler}\n"
    assert without_surroundings(text).strip() == SAID
    assert len(without_surroundings(text)) == len(text)


def test_the_subject_is_words_that_the_sender_chose() -> None:
    text = "From: Karen Olsen\nSubject: no audit log\n\nWe cannot renew."
    assert without_surroundings(text).split("\n") == [" " * 17, "         no audit log", "", "We cannot renew."]


@pytest.mark.parametrize(
    ("below", "history"),
    [
        ("On Tue, Support wrote:\n> please wait\n> Sam", "On Tue, Support wrote:\n> please wait\n> Sam"),
        ("On Tue, Support wrote:\n\n> please wait\n\nIt still fails.", "On Tue, Support wrote:\n\n> please wait"),
        ("On Tue, Support wrote:\nplease wait\n\nSam", "On Tue, Support wrote:\nplease wait\n\nSam"),
    ],
)
def test_the_mail_that_is_answered_is_found_to_its_end(below: str, history: str) -> None:
    text = f"{SAID}\n\n{below}"
    found = history_of(text)
    assert found
    assert text[slice(*found)] == history


@pytest.mark.parametrize("text", [SAID, f"On Tue, Julia wrote:\n> {SAID}", f"> {SAID}\nI agree."])
def test_what_is_quoted_without_an_answer_is_no_history(text: str) -> None:
    assert history_of(text) is None


CHAT = """Kim Lee  12:04 PM
search never finds it
Raj  [12:05]
legal wants a log
of changes
Ann Osei
  12:07 PM
+1 for that"""


def test_the_messages_of_a_copied_chat_are_read_apart() -> None:
    parts = by_writers(f"From the call:\n{CHAT}")
    assert [" ".join(without_surroundings(part).split()) for part in parts] == [
        "From the call:",
        "search never finds it",
        "legal wants a log of changes",
        "+1 for that",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Kim Lee  12:04 PM\nsearch never finds it",
        "Opening hours\nMonday 9:00\nTuesday 10:00",
        "\n".join(f"Kim Lee  12:{minute:02} PM\nslow" for minute in range(51)),
    ],
    ids=["one message", "no names", "too many"],
)
def test_what_is_no_chat_stays_whole(text: str) -> None:
    assert by_writers(text) == [text]


PIECES = st.sampled_from([*(around.format("Slow.") for around in SURROUNDED.values()), "\n", "> ", "\ud800", "1. "])


@given(st.lists(PIECES | st.text(max_size=12), max_size=12).map("".join))
def test_every_character_stays_or_is_blank(text: str) -> None:
    left = without_surroundings(text)
    assert len(left) == len(text)
    assert all(one in {other, " "} for one, other in zip(left, text, strict=True))
    assert any(map(str.isalpha, left)) == any(map(str.isalpha, text))


@given(st.lists(PIECES | st.text(max_size=12), max_size=12).map("".join))
def test_each_character_is_of_one_writer(text: str) -> None:
    parts = by_writers(text)
    assert all(len(part) == len(text) for part in parts)
    for place, letter in enumerate(text):
        if letter.isalpha():
            assert [part[place] for part in parts if part[place] != " "] == [letter]
