"""Domains of mail providers: an address there tells nothing about the company of the one who writes."""

from __future__ import annotations

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
