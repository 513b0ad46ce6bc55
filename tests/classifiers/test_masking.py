"""What must not leave, by kind; and that hiding it loses nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evidence import Span
from classifiers.masking import mask, unmasked

# Put together here, so that no scanner takes an invented key for a real one.
_KEYS = {
    "bot token": "xox" + "b-123456789012-AbCdEfGhIjKl",
    "app token": "xap" + "p-1-A0123-456-abcdef",
    "rotated token": "xox" + "e.xox" + "p-1-Mi0yLTEyMzQ1",
    "model key": "s" + "k-proj-Ab12Cd34Ef56Gh78",
    "payment key": "sk" + "_live_51HabcdEFGH12345",
    "code host token": "gh" + "p_16C7e42F292c6912E7710c838347Ae178B4a",
    "fine-grained token": "github" + "_pat_11ABCDE0Y0abcdefghij",
    "cloud key": "AK" + "IAIOSFODNN7EXAMPLE",
    "maps key": "AI" + "zaSyD-abcdefghijklmnopqrstuvwxyz1234",
    "JWT": "ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
    "bearer": "Bearer abc.DEF-123",
    "named password": "password: hunter2hunter",
    "named key": 'api_key="abcd1234efgh"',
    "hex": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----",
}
SECRETS = {
    **_KEYS,
    "e-mail": "jane.doe+crm@mail.example.co.uk",
    "e-mail of Slack": "<mailto:jane@example.com|jane@example.com>",
    "e-mail in letters of its own": "jürgen@müller.example",
    "phone, international": "+44 20 7946 0958",
    "phone, with 00": "0049 (0)30 901820-0",
    "phone, American": "(415) 555-2671",
    "phone, short": "555-0123",
    "phone, Spanish": "612 345 678",
    "card": "4111 1111 1111 1111",
    "card, hyphens": "5500-0000-0000-0004",
    "card, together": "378282246310005",
    "IBAN": "DE89 3704 0044 0532 0130 00",
    "IBAN, together": "GB82WEST12345698765432",
    "IBAN, small letters": "nl91abna0417164300",
    "account number": "12345678",
    "sort code": "20-00-00",
    "social security": "078-05-1120",
    "person": "<@U012ABCDEF>",
    "person, named": "<@W012ABCDEF|ann>",
    "channel": "<#C012ABCDEF|general>",
    "group": "<!subteam^S012ABCDEF|@support>",
    "bare id": "U012ABCDEF",
    "URL with a token": "https://app.example.com/reset?token=abc",
    "URL with a login": "https://ann:word@example.com/",
    "URL with a fragment": "https://example.com/#key",
    "webhook": "https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/a1b2c3d4e5f6",
    "database": "postgresql://app:word@db.example.com/app",
}

PLAIN = [
    "The page takes 30 seconds and we have 1,500 users in 12 clinics.",
    "Availability was 99.95% in Q3 2026, SLA says 99.9.",
    "Since 2026-11-21 the export fails; it worked on 3.11.2026.",
    "Release 2.14.3 costs 3.500.000 a year.",
    "The password is wrong again, and the token expired.",
    "Password: we need a reset link that works.",
    "Password: please send the reset link again.",
    "The token: nobody knows when it expires, that's all.",
    "Passwords: everyone shares one.",
    "See <https://example.com/docs/export|the docs>.",
    "I write on #general to @ann about single-sign-on-configuration-for-everyone.",
    "Nobody in the ACCOUNTING department uses INTEGRATIONS.",
    "<!channel> the page is slow",
]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("around", ["{}", "Please call {} today.", "({})", "before\n{}\nafter", "is it {}?"])
def test_what_is_private_does_not_leave(secret: str, around: str) -> None:
    text = around.format(secret)
    masked = mask(text)
    assert "[[" in masked.text
    assert left_of(secret, masked.text) == []
    assert masked.restored(masked.text) == text


@pytest.mark.parametrize(
    "secret", ["4111 1111 1111 1111", "06 12 34 56 78", "555-010-9999", "DE89 3704 0044 0532 0130 00"]
)
@pytest.mark.parametrize(("typed", "pasted"), [(" ", "\u00a0"), (" ", "\u202f"), ("-", "\u2011"), ("-", "\u2013")])
def test_a_number_pasted_from_a_page_leaves_no_more_than_one_that_was_typed(
    secret: str, typed: str, pasted: str
) -> None:
    text = f"it says {secret.replace(typed, pasted)} there"
    assert not any(map(str.isdigit, re.sub(r"\[\[.*?\]\]", "", mask(text).text)))
    assert mask(text).restored(mask(text).text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Authorization: Basic YWRtaW46aHVudGVyMg==", "Authorization: Basic []"),
        ("password: Sommerurlaub", "password: []"),
        ("Passwort: geheimnis\nDanke!", "Passwort: []\nDanke!"),
        ("The login is anna, password: geheimnis, on the test system", "… password: [], on the test system"),
        ("pwd=letmein and then nothing", "pwd=[] and then nothing"),
        ("userPassword = letmein", "userPassword = []"),
        ("*Password:* `Sommerurlaub` please", "*Password:* `[] please"),
        ('{"password": "Sommerurlaub"}', '{"password": "[]"}'),
        ("user: anna password: geheimnis host: db", "… password: [] host: db"),
        ("token=ab12cd34ef56gh78ij90kl12mn34-4111…", "token=[]"),
        ("my_api_key=ab12cd34ef56gh78ij90kl12mn34 stopped", "my_api_key=[] stopped"),
    ],
)
def test_the_one_word_that_a_name_gives_is_masked_and_not_the_name(text: str, masked: str) -> None:
    before, _, after = masked.removeprefix("…").partition("[]")
    shown = mask(text).text
    assert re.fullmatch(rf".*{re.escape(before)}\[\[secret key 1\]\]{re.escape(after)}", shown, re.DOTALL), shown


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_and_figures_leave_as_they_are(text: str) -> None:
    assert mask(text).text == text


def test_same_words_get_the_same_placeholder() -> None:
    text = "a@example.com, b@example.com, a@example.com"
    assert mask(text).text == "[[e-mail 1]], [[e-mail 2]], [[e-mail 1]]"


def test_words_around_stay() -> None:
    assert mask("IBAN DE89 3704 0044 0532 0130 00 and thanks").text == "IBAN [[bank account 1]] and thanks"


@pytest.mark.parametrize("number", ["4111 1111 1111 1112", "DE88 3704 0044 0532 0130 00"])
def test_long_number_is_hidden_even_where_its_check_digit_is_wrong(number: str) -> None:
    assert number not in mask(f"it is {number} I think").text


def test_placeholder_that_the_text_writes_itself_is_not_taken_for_a_hidden_one() -> None:
    text = "[[e-mail 1]] said so, ask a@example.com"
    masked = mask(text)
    assert masked.text == "[[e-mail 1]] said so, ask [[e-mail 2]]"
    assert masked.restored(masked.text) == text


def test_quote_that_cuts_a_placeholder_takes_it_whole() -> None:
    text = "ask a@example.com about the log"
    masked = mask(text)
    assert masked.text == "ask [[e-mail 1]] about the log"
    span = masked.original_span(Span(7, 22))
    assert text[span.start : span.end] == "a@example.com about"


def test_text_for_a_model_of_ones_own_stays_as_it_is() -> None:
    text = "ask a@example.com"
    assert unmasked(text).text == text
    assert unmasked(text).original_span(Span(4, 17)) == Span(4, 17)


@pytest.mark.parametrize(
    "part",
    [
        *("x", "1 ", "a.", "1-", "DE12 ", "+", "(1", "a@", "http://"),
        *("-----BEGIN PRIVATE KEY-----", "token=", "token:", "password: a ", "eyJ"),
    ],
)
def test_a_long_run_of_what_a_secret_begins_with_comes_back_whole(part: str) -> None:
    """How long that takes is measured in ``benchmarks/length.py``."""
    text = part * (40_000 // len(part))
    masked = mask(text)
    assert masked.restored(masked.text) == text


_TEXTS = st.lists(
    st.sampled_from(list(SECRETS.values()))
    | st.sampled_from(
        ["[[e-mail 1]]", "[[phone 2]]", "[[", "]]", "[[e-mail ", " ", "\n", "log", "<", ">", "|", "1", "@", "+"]
    )
    | st.text(max_size=8),
    max_size=8,
).map("".join)


@given(_TEXTS)
def test_nothing_is_lost_by_hiding(text: str) -> None:
    masked = mask(text)
    assert masked.restored(masked.text) == text
    assert masked.original_span(Span(0, len(masked.text))) == Span(0, len(text))


@given(_TEXTS, st.data())
def test_every_stretch_that_cuts_nothing_in_two_comes_back(text: str, data: st.DataObject) -> None:
    masked = mask(text)
    inside = {place for hidden in masked.hidden for place in range(hidden.masked.start + 1, hidden.masked.end)}
    borders = [place for place in range(len(masked.text) + 1) if place not in inside]
    start, end = sorted((data.draw(st.sampled_from(borders)), data.draw(st.sampled_from(borders))))
    span = masked.original_span(Span(start, end))
    assert text[span.start : span.end] == masked.restored(masked.text[start:end])


def test_a_number_that_runs_into_a_key_is_masked_too() -> None:
    masked = mask("Bearer abc.DEF-123  (415) 555-2671 called").text
    assert masked == "Bearer [[secret key 1]]  [[phone 1]] called"


@given(
    st.lists(st.sampled_from(list(SECRETS.values())), min_size=1, max_size=5),
    st.lists(st.text(alphabet="abc def\n.,", max_size=10), min_size=6, max_size=6),
)
def test_no_planted_secret_remains(secrets: list[str], words: list[str]) -> None:
    text = words[0] + "".join(f" {secret} {word}" for secret, word in zip(secrets, words[1:], strict=False))
    masked = mask(text).text
    assert not [secret for secret in secrets if hidden_part(secret) in masked]


def hidden_part(secret: str) -> str:
    """Name the part that must go: the word before a password, and the name in Slack's brackets, may stay."""
    after = re.fullmatch(r"(?:Bearer |password: |api_key=)\W?(\w.*\w)\W?", secret)
    return after[1] if after else secret.strip("<>").split("|")[0].removeprefix("mailto:")


def left_of(secret: str, masked: str) -> list[str]:
    """List the runs of four characters of a secret that can still be read."""
    part = hidden_part(secret)
    legible = re.sub(r"\[\[[\w -]+ \d+\]\]", "\0", masked)
    return [part[at : at + 4] for at in range(len(part) - 3) if part[at : at + 4] in legible]
