"""Pages that are no article: consent and robot walls, missing pages, sections, empty shells.

The phrases are literal and looked for only where there is little other text, so that an article
about cookies stays one.
"""

from __future__ import annotations

import re

from mediawatch.errors import REJECTED
from mediawatch.model import Rejected

RULES = "rejections-1"
# Below this many characters the whole text may be furniture.
LITTLE = 900
CONSENT = re.compile(
    r"we (?:value|care about|respect) your privacy|we (?:and"
    r"|use) (?:our )?(?:\d+ )?(?:partners|cookies)"
    r"|accept (?:all|cookies)|reject all|manage (?:your )?(?:preferences|cookies|consent)"
    r"|store (?:cookies|and/or access information)|cookie (?:policy|settings|consent)"
    r"|your consent"
    r"|alle akzeptieren|wir (?:und unsere partner|verwenden cookies)|zustimmen"
    r"|tout accepter|nous et nos partenaires|aceptar (?:todas|cookies)"
    r"|nosotros y nuestros socios"
    r"|accetta (?:tutti|e continua)|alles accepteren|aceitar (?:todos|cookies)",
    re.IGNORECASE,
)
ROBOTS = re.compile(
    r"checking (?:your browser|if the site connection is secure)"
    r"|verify (?:that )?you are (?:a )?human"
    r"|are you a robot|enable javascript and cookies to continue|unusual (?:traffic"
    r"|activity) from"
    r"|access (?:to this page has been )?denied|just a moment\.\.\."
    r"|complete the (?:captcha|security check)"
    r"|ddos protection by|attention required! \| cloudflare|pardon our interruption",
    re.IGNORECASE,
)
MISSING = re.compile(
    r"\b404\b|page (?:was |could |can ?not |can't |you requested )?(?:be )?(?:not |isn't "
    r"|no longer )?"
    r"(?:found|available|exists?)|not found|seite (?:wurde )?nicht gefunden"
    r"|page (?:introuvable|non trouvée)"
    r"|página no encontrada|pagina non trovata|página não encontrada|pagina niet gevonden"
    r"|страница не найдена|no longer (?:available|exists)",
    re.IGNORECASE,
)
PAYWALL = re.compile(
    r"subscribe (?:now |today )?(?:to|for) (?:read|continue|unlock|full|unlimited)"
    r"|to (?:continue|keep) reading|already (?:a subscriber|subscribed|subscribe)"
    r"|who already subscribe"
    r"|this (?:article|content|story) is (?:for|available to|reserved for) (?:subscribers"
    r"|members)"
    r"|(?:reserved|exclusive) (?:for|to) (?:our )?subscribers|unlock this article"
    r"|article réservé aux abonnés|weiterlesen mit|jetzt abonnieren|nur für abonnenten"
    r"|contenido (?:exclusivo )?para suscriptores|contenuto riservato agli abbonati",
    re.IGNORECASE,
)
SCRIPTS = re.compile(
    r"(?:enable|requires?|activate|turn on) javascript|javascript (?:is"
    r"|must be) (?:disabled|enabled)",
    re.IGNORECASE,
)


def rejection(title: str, body: str, page_text: str, *, closed: bool) -> Rejected | None:
    """Why a page is no article, or None.

    ``body`` is what was extracted, ``page_text`` all that the page shows (looked at only where
    the body is shorter than LITTLE); ``closed``: the page itself says that it is not free to read.
    """
    words = len(body.split())
    if len(body) < LITTLE:
        start = f"{title}\n{page_text[:4000]}"
        if MISSING.search(title) and words < 120:
            return refused("soft_404")
        if ROBOTS.search(start) and words < 80:
            return refused("bot_wall")
        if len(CONSENT.findall(body)) >= 2 or (not body and len(CONSENT.findall(start)) >= 2):
            return refused("consent_wall")
        if PAYWALL.search(f"{title}\n{body}") and words < 60:
            return refused("paywall_empty")
        if words < 40 and SCRIPTS.search(body if words >= 5 else start):
            return refused("script_page")
        if words < 5 and closed:
            return refused("paywall_empty")
        if not body.strip() and MISSING.search(start[:600]):
            return refused("soft_404")
    return None if body.strip() else refused("empty")


def refused(code: str) -> Rejected:
    """A rejection with the sentence of its code."""
    return Rejected(code=code, message=REJECTED[code])
