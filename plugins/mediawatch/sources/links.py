"""Addresses as names: what of them tells one page from another, and what only counts visits."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

# Parameters of mailings, campaigns and social networks; no page depends on them.
COUNTING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|cmpid|"
    r"ns_(?:campaign|mchannel|source|linkname|fee)|at_(?:medium|campaign)|ftag|ref_src|xtor|"
    r"wt\.mc_id|mkt_tok|_hs(?:enc|mi)|vero_id|oly_(?:anon|enc)_id|ocid)=",
    re.IGNORECASE,
)


def without_scheme(text: str) -> str:
    """An address as a key: the same by http and https."""
    for scheme in ("https:", "http:"):
        if text.lower().startswith(f"{scheme}//"):
            return text[len(scheme) :]
    return text


def without_counting(url: str) -> str:
    """An address without the parameters that only count who came from where, and its fragment's
    ones; as it is when it is no sound address.
    """
    if "=" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = "&".join(part for part in parts.query.split("&") if not COUNTING.match(part))
    fragment = "" if COUNTING.match(parts.fragment) else parts.fragment
    return urlunsplit(parts._replace(query=query, fragment=fragment))
