from bot.listeners.actions import ACTIONS
from bot.listeners.modals import SUBMISSIONS
from bot.views import ids
from storage.vocabulary import Chosen

PRESSED = {
    ids.INSIGHT_CONFIRM,
    ids.INSIGHT_CORRECT,
    ids.INSIGHT_REJECT,
    ids.WATCH_ALL,
    ids.WATCH_REQUEST,
    ids.WATCH_OFF,
    ids.LOG_MORE,
    ids.ACCOUNT_PICK,
    ids.ACCOUNT_OTHER,
    ids.ACCOUNT_UNKNOWN,
}


def test_every_button_has_a_listener() -> None:
    assert set(ACTIONS) >= PRESSED


def test_every_modal_has_a_listener_that_shows_errors_at_one_of_its_inputs() -> None:
    assert {callback: block for callback, (block, _) in SUBMISSIONS.items()} == {
        ids.READING_SUBMIT: ids.READING_NEXT,
        ids.CORRECTION_SUBMIT: ids.CORRECTION_VERDICT,
        ids.MISSED_SUBMIT: ids.MISSED_QUOTE,
        ids.SAVE_SUBMIT: ids.SAVE_NOTE,
        ids.ADD_SUBMIT: ids.ADD_TEXT,
        ids.FORGET_SUBMIT: ids.FORGET_CONFIRM,
        ids.FORGET_SUBMIT: ids.FORGET_CONFIRM,
        ids.ACCOUNT_SUBMIT: ids.ACCOUNT_NAME,
        ids.SETTINGS_SUBMIT: ids.setting_block(Chosen.IGNORED_WORDS),
    }
