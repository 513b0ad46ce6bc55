"""Domains of e-mail addresses; those of mail providers tell nothing about the company of the one who writes."""

from __future__ import annotations

import re

from storage.text import fold

_LISTED = (
    "126.com 139.com 163.com abv.bg aim.com alice.it aliyun.com aol.com arcor.de att.net bell.net "
    "bellsouth.net bigpond.com bluewin.ch bol.com.br btinternet.com centrum.cz charter.net comcast.net "
    "cox.net daum.net duck.com earthlink.net email.cz email.de fastmail.com fastmail.fm foxmail.com "
    "free.fr freemail.hu freenet.de gmx.net googlemail.com hanmail.net hey.com home.nl hushmail.com "
    "icloud.com inbox.lv inbox.ru interia.pl internode.on.net kpnmail.nl laposte.net libero.it list.ru "
    "mac.com mail.bg mail.com mail.de mail.ru mailbox.org mailfence.com me.com msn.com nate.com naver.com "
    "neuf.fr ntlworld.com o2.pl onet.pl online.de optonline.net optusnet.com.au orange.fr outlook.com "
    "pm.me posteo.de posteo.net proton.me protonmail.ch protonmail.com qq.com rediffmail.com riseup.net "
    "rocketmail.com rogers.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com skynet.be "
    "sohu.com t-online.de talktalk.net telenet.be tiscali.it tuta.com tutamail.com tutanota.com "
    "tutanota.de ukr.net uol.com.br verizon.net virgilio.it virginmedia.com vodafone.de wanadoo.fr web.de "
    "wp.pl xs4all.nl yandex.com yandex.ru yeah.net ziggo.nl zoho.com zohomail.com "
)
FREEMAIL = frozenset(_LISTED.split())
_PROVIDERS = frozenset({"gmail", "googlemail", "hotmail", "outlook", "yahoo", "ymail", "live", "gmx"})
"""Providers with a domain a country."""
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}")


def is_freemail(domain: str) -> bool:
    """Tell a mail provider's domain, which many customers share."""
    return domain in FREEMAIL or domain.split(".", maxsplit=1)[0] in _PROVIDERS


def with_those_above(domain: str) -> tuple[str, ...]:
    """List a domain, then each one above it: who writes from mail.acme.com belongs to acme.com."""
    labels = domain.split(".")
    return tuple(".".join(labels[place:]) for place in range(len(labels) - 1))


def domain_of(written: str) -> str | None:
    """Read a domain from how people write it: ``https://www.acme.com/x``, ``@acme.com``; None where there is none."""
    bare = re.sub(r"^(?:[a-z]+://)?(?:[^/@]*@)?(?:www\.)?", "", fold(written.strip()))
    bare = re.split(r"[/:?#]", bare, maxsplit=1)[0].rstrip(".")
    return bare if _DOMAIN.fullmatch(bare) else None
