"""Texts that nobody expects, and that every classifier must answer."""

ODD_TEXTS = {
    "empty": "",
    "blank": " \n\t ",
    "emoji": ":tada: 🎉🎉 👩‍💻",
    "link": "<https://example.com/a|a page>",
    "digits": "12345 67 8",
    "code": "```for (;;) { x += 1 }```",
    "right to left": "הדוח איטי מאוד. أريد سجل التدقيق.",
    "CJK": "検索が遅すぎます。监管要求审计日志。",
    "lone surrogates": "the page \ud800 is slow \udfff.",
    "zero width": "slow\u200bpage\ufeff\u2060",
    "NUL and bells": "slow\x00page\x07\x1b[31m",
    "mention everyone": "<!channel> the export is gone <@U123>",
    "one long word": "x" * 40_000,
    "figures and one long word": "+ 30 % = $ 1200?!\n" + "aq7" * 300,
    "one long sentence": "the page is slow and " * 500,
    "many lines": ("the page is slow\n" + "\n" * 19) * 500,
    "marks only": "*_~`>" * 2_000,
}
