"""What the tests of the Web API call it with, and what it says to a call that it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

SECTION = {"type": "section", "block_id": "only", "text": {"type": "plain_text", "text": "hello"}}


def refusal(call: Any, **arguments: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response
