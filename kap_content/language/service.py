"""Sentences of service: hours, prices, directions, staff, the page about itself, thanks. None is clinical."""

from __future__ import annotations

import re

from kap_content.startup.regex import regex

_COUNT = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty)"
_MONEY = r"[$€£¥]\s?\d[\d.,]*"
_SERVICE = regex(
    rf"""(?:
    we(?:\ are|['’]re)\ open\b.*
    |(?:you\ (?:can|will)\ find\ us|it\ is|it['’]s|we\ are|the\ (?:clinic|practice)\ is)
        \ (?:about\ )?{_COUNT}\ (?:minutes?|miles?|km|metres?)
        (?:['’]\ walk)?\ (?:away\ )?from\ (?:the|our)\ [\w\s]+
    |(?:car\ )?(?:parking|the\ car\ park)\ (?:costs?|is)\ {_MONEY}(?:\ (?:an|per|a)\ \w+)?
    |(?:the|your|an|each)\ (?:first\ )?(?:appointment|consultation|visit)
        \ (?:lasts|takes)\ (?:about\ )?{_COUNT}\ (?:minutes?|hours?)
    |(?:this\ page\ was\ )?(?:last\ )?(?:reviewed|updated|published)\ (?:on\ |in\ )?[\w\s,]*\d{{4}}
    |(?:dr|prof|professor|mr|ms|mrs)\.?\ [\w’'-]+(?:\ [\w’'-]+)?
        \ has\ (?:over\ |more\ than\ )?{_COUNT}\ years(?:\ of|['’])\ (?:clinical\ )?experience
    |our\ founders?\ met\ in\ \d{{4}}
    |this\ (?:page|article|guide)\ has\ {_COUNT}\ (?:sections?|parts?|chapters?|pages?)
    |take\ {_COUNT}\ minutes\ to\ read\ this\ (?:page|article|guide)
    |thank\ you\ for\ (?:reading|visiting|your\ (?:interest|visit|time))
    |we\ accept\ (?:visa|mastercard|cash|cards?|cheques?|american\ express|paypal)(?:(?:,|\ and|\ or|,\ and)\ [\w]+)*
    |(?:please\ )?bring\ (?:your|a|an)\ (?:passport|photo\ id|identity\ card|insurance\ card|driving\ licence)
    )[.!]?""",
    re.VERBOSE | re.IGNORECASE,
)


def is_service(text: str) -> bool:
    """Whether the whole sentence is one of service; a clinical number (`The infusion lasts 40 minutes`) is none."""
    return _SERVICE.fullmatch(text) is not None
