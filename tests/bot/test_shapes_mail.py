"""E-mails that reach a channel: whose words they are, and what is set aside."""

from typing import Any

from bot.shapes.mail_body import split_mail
from storage.vocabulary import Source, Voice
from tests.bot.recorded import arrived, feedback_of, recorded


def mail(**changes: object) -> dict[str, Any]:
    file: dict[str, Any] = recorded("mail")["event"]["files"][0]
    return {"files": [file | changes]}


def test_the_text_is_what_the_sender_wrote() -> None:
    feedback = feedback_of("mail")
    assert feedback.text == "Hello,\n\nour IT security team will not approve the product without single sign-on."
    assert (feedback.source, feedback.voice) == (Source.EMAIL, Voice.FIRST_HAND)
    assert (feedback.author_name, feedback.reporter, feedback.app) == ("Dana Okafor <dana@globex.example>", None, None)
    assert feedback.counts_as == "mail:<b2@globex.example>"


def test_subject_sender_signature_and_history_are_context() -> None:
    context = feedback_of("mail").context or ""
    assert context.startswith("Subject: What still keeps us from rolling out\n\nFrom: Dana Okafor &lt;dana@globex")
    assert "Kind regards,\nDana Okafor" in context
    assert "Is anything still missing for the roll-out?" in context


def test_an_email_that_was_passed_on_speaks_for_the_one_who_wrote_it() -> None:
    arrival = arrived("mail_passed_on")
    feedback = arrival.feedback
    assert feedback.text == "My team closes forty cases a day, and each takes nine clicks too many."
    assert feedback.author_name == "Dana Okafor <dana@globex.example>"
    assert (feedback.context or "").startswith("FYI, this came in this morning.")


def test_without_a_body_the_subject_speaks() -> None:
    feedback = feedback_of(
        "mail", **mail(plain_text="", preview_plain_text=None, preview=None, subject="SSO is missing")
    )
    assert feedback.text == "SSO is missing"


def test_a_preview_stands_in_for_a_missing_body_and_says_that_it_is_one() -> None:
    feedback = feedback_of("mail", **mail(plain_text=None, preview_plain_text="The export fails", has_more=True))
    assert feedback.text == "The export fails"
    assert "only the beginning" in (feedback.context or "")


def test_of_an_email_that_came_as_html_alone_the_words_are_kept() -> None:
    html = "<div>Hello,<br>the export <b>fails</b> &amp; stops</div>"
    for field in ("simplified_html", "preview"):
        feedback = feedback_of("mail", **mail(plain_text=None, preview_plain_text=None, **{field: html}))
        assert feedback.text == "Hello,\nthe export fails &amp; stops"


def test_notices_of_lawyers_and_gateways_are_set_aside_and_no_word_of_the_sender() -> None:
    feedback = feedback_of(
        "mail",
        **mail(
            plain_text="CAUTION: This email originated from outside of the organization.\n\n"
            "Confidential files leave our network with every export.\nExternal users see them.\n\n"
            "Kind regards,\nDana\n\nThis e-mail is confidential. If you are not the intended recipient, delete it."
        ),
    )
    assert feedback.text == "Confidential files leave our network with every export.\nExternal users see them."
    assert "CAUTION" in (feedback.context or "")
    assert "intended recipient" in (feedback.context or "")


def test_an_email_that_only_quotes_is_kept_whole() -> None:
    assert feedback_of("mail", **mail(plain_text="> The export fails")).text == "&gt; The export fails"


def test_a_person_who_uploads_an_email_is_its_reporter() -> None:
    feedback = feedback_of("mail", user="U300", bot_id=None)
    assert (feedback.reporter, feedback.author_name) == ("U300", "Dana Okafor <dana@globex.example>")


def test_history_begins_where_a_mail_program_says_so() -> None:
    for history in (
        "Am Mo., 17. Nov. 2025 um 09:12 Uhr schrieb Max Weber\n<max@acme.example>:\n> Fehlt noch etwas?",
        "-----Original Message-----\nFrom: Max\nSent: Monday\nSubject: Missing",
        "From: Max Weber <max@acme.example>\nSent: Monday\nTo: Dana\nSubject: Missing\n\nIs anything missing?",
        "________________________________\nVon: Max\nGesendet: Montag\nAn: Dana\nBetreff: Fehlt\n\nFehlt noch etwas?",
        "-- \nDana Okafor\nHead of Operations",
    ):
        body = split_mail(f"The export is slow.\n\n{history}", is_passed_on=False)
        assert (body.own, body.aside) == ("The export is slow.", history)


def test_a_block_of_headings_begins_what_was_passed_on_when_the_subject_says_so() -> None:
    headings = "From: Dana <dana@globex.example>\nSent: Monday\nTo: Max\nSubject: Clicks"
    body = split_mail(f"See below.\n\n{headings}\n\nNine clicks too many.", is_passed_on=True)
    assert (body.own, body.passed_on, body.passed_on_from) == (
        "See below.",
        "Nine clicks too many.",
        "Dana <dana@globex.example>",
    )


def test_a_list_of_wishes_is_not_taken_for_headings() -> None:
    text = "From: our side there is one wish.\nMake the export faster."
    assert split_mail(text, is_passed_on=False).own == text
