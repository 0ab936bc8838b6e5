"""Addresses: what makes one absolute, and what makes two the same article.

An outlet publishes one article under many addresses: with campaign parameters, as AMP, on a mobile host, with and
without a trailing slash. `url_key` folds them. It is a key to compare, not an address to open.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from firsthand.model.text import clean

_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that say how a reader came, never which article is meant. Names as documented by the tools that add
# them (Google Analytics utm_*, Facebook fbclid, Mailchimp mc_*, Matomo mtm_*/pk_*, AT Internet at_*, ...).
_TRACKING = re.compile(
    r"""^(?:utm_.*|mtm_.*|pk_.*|piwik_.*|matomo_.*|hsa_.*|at_(?:medium|campaign|custom\d*|link.*|ptr.*|bbc.*)|mc_[ce]id
    |fbclid|gclid|gclsrc|dclid|wbraid|gbraid|msclkid|twclid|ttclid|igshid|yclid|ysclid|_openstat|mkt_tok|vero_id
    |_hs(?:enc|mi)|oly_(?:anon|enc)_id|s_cid|ncid|cmp(?:id)?|ns_(?:campaign|mchannel|source|linkname|fee)|ocid|icid
    |ito|CMP|smid|sr_share|wt_(?:mc|zmc)|xtor|echobox|spm|soc_(?:src|trk)|ref_?src|ref_?url|__twitter_impression
    |outputType|guccounter|guce_referrer(?:_sig)?|_gl|_ga|trk|trkCampaign|share|sharetype|shareToken)$""",
    re.IGNORECASE | re.VERBOSE,
)
_REFERRER = re.compile(r"^(?:rss|feed|feeds|twitter|facebook|newsletter|email|home|homepage|whatsapp)", re.IGNORECASE)
_AMP_PARAMETER = re.compile(r"^(?:amp|_amp|is_?amp|amp_js_v|amp_gsa|usqp)$", re.IGNORECASE)
_MOBILE_HOST = re.compile(r"^(?:m|mobile|amp|wap)\.(?=[^.]+\.[^.]+)")
_AMP_CACHE = re.compile(r"^(?P<host>[a-z0-9-]+)\.cdn\.ampproject\.org$")
_SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")
_INDEX_ENDS = (".html", ".htm", ".php", ".aspx", ".asp")
# Characters left alone in a path: RFC 3986 pchar and "/", and "%" of what is already encoded.
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
# An address that `absolute_url` would give back as it is. Nearly all are (19 of 20 in real feeds), and taking one apart
# and joining it again costs 15 times as much as seeing that.
_PLAIN = re.compile(
    r"""https?://(?P<netloc>[a-z0-9][a-z0-9._-]{0,250}[a-z0-9](?::(?!80/|443/)(?:[1-9]\d{1,3}|[1-5]\d{4}))?)
    (?P<path>/[\w/%:@!$&'()*+,;=~.-]*)(?:\?(?P<query>[\w/%:@!$&'()*+,;=~.?\[\]{}|^-]+))?
    (?:\#(?P<fragment>[\w/%:@!$&'()*+,;=~.?-]+))?""",
    re.ASCII | re.VERBOSE,
)


def absolute_url(base: str | None, url: str) -> str | None:
    """`url` as an absolute http or https address, resolved against `base`; None for anything else.

    White space and control characters go, as browsers drop them (WHATWG URL, "basic URL parser" steps 1 to 3), so
    that `java\\nscript:` cannot hide. Credentials in an address are refused: they only ever deceive.
    """
    if _PLAIN.fullmatch(url):
        return url
    text = re.sub(r"[\t\n\r]", "", clean(url).strip())
    if not text:
        return None
    if _PLAIN.fullmatch(text):
        return text
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _DEFAULT_PORTS or not host or "@" in parts.netloc:
        return None
    host = _ascii_host(host)
    if host is None:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[parts.scheme.lower()]:
        netloc += f":{port}"
    path = quote(parts.path, safe=_PATH_SAFE)
    query = quote(parts.query, safe=_PATH_SAFE + "?[]{}|^")
    return urlunsplit((parts.scheme.lower(), netloc, path or "/", query, quote(parts.fragment, safe=_PATH_SAFE + "?")))


def is_web_url(url: str) -> bool:
    """Whether `url` is an absolute http or https address with a host."""
    return absolute_url(None, url) is not None


def url_key(url: str, *, part: bool = False) -> str | None:
    """The address that stands for an article, so that two addresses of one article give the same string.

    Folds: fragments, tracking parameters, AMP pages and caches, mobile hosts, `index.html`, trailing slashes,
    `www.`, default ports, case of scheme and host, order of parameters; http is read as https, except where a port is
    named or the host is local. None if `url` is not http(s).

    With `part` the fragment counts, for pages that hold several articles.
    """
    parts = _parts(url)
    if parts is None:
        return None
    scheme, netloc, path, query, fragment = parts
    netloc = _MOBILE_HOST.sub("", netloc.removeprefix("www."))
    has_port = not netloc.endswith("]") and ":" in netloc
    if not has_port and not _is_local(netloc):
        scheme = "https"
    key = f"{scheme}://{netloc}{_canonical_path(path)}"
    if query and (query := _canonical_query(query)):
        key += f"?{query}"
    return f"{key}#{fragment}" if part and fragment else key


def without_tracking(url: str) -> str:
    """`url` without the parameters that only say how a reader came; all else stays, in its order."""
    parts = urlsplit(url)
    if not parts.query:
        return url
    kept = [one for one in parts.query.split("&") if not _TRACKING.match(one.partition("=")[0])]
    return urlunsplit(parts._replace(query="&".join(kept)))


def domain_of(url: str) -> str:
    """The host of `url` without `www.`, lower case, with its port where that is not the default; "" if none."""
    plain = _PLAIN.fullmatch(url)
    if plain:
        return plain["netloc"].removeprefix("www.")
    absolute = absolute_url(None, url)
    if absolute is None:
        return ""
    return urlsplit(absolute).netloc.removeprefix("www.")


def _ascii_host(host: str) -> str | None:
    """The host as DNS knows it (IDNA), lower case, without the root's dot; None for what cannot be a host."""
    if len(host) > 253:  # RFC 1035 §2.3.4; the codec is slow on longer ones
        return None
    try:
        ascii_host = host.rstrip(".").encode("idna").decode("ascii").lower() if not host.isascii() else host.rstrip(".")
    except UnicodeError:
        return None
    return ascii_host.lower() if re.fullmatch(r"[a-zA-Z0-9._:-]+", ascii_host) else None


def _is_local(host: str) -> bool:
    return host == "localhost" or host.endswith((".localhost", "]")) or host.replace(".", "").isdigit()


def _parts(url: str) -> tuple[str, str, str, str, str] | None:
    """Scheme, host, path, query and fragment, of an AMP cache's address those of the page in it, and its fragment."""
    plain = _PLAIN.fullmatch(url) if "amp" not in url else None
    if plain:
        netloc, path, query, fragment = plain.groups("")
        return url[: url.index(":")], netloc, path, query, fragment
    absolute = absolute_url(None, url)
    if absolute is None:
        return None
    scheme, netloc, path, query, _ = urlsplit(_leave_amp_cache(absolute))
    return scheme, netloc, path, query, urlsplit(absolute).fragment


def _leave_amp_cache(url: str) -> str:
    """Google's AMP cache and viewer wrap the publisher's address: `/c/s/host/path` (s: https)."""
    parts = urlsplit(url)
    if _AMP_CACHE.match(parts.netloc) or parts.path.startswith("/amp/s/"):
        match = re.match(r"^/(?:[a-z]/|amp/)?(s/)?(?P<rest>[a-z0-9.-]+\.[a-z]{2,}/.*)$", parts.path)
        if match and (_AMP_CACHE.match(parts.netloc) or parts.netloc.removeprefix("www.").startswith("google.")):
            return f"https://{match['rest']}" + (f"?{parts.query}" if parts.query else "")
    return url


def _canonical_path(path: str) -> str:
    if "//" in path:
        path = re.sub(r"/{2,}", "/", path)
    if path.endswith(_INDEX_ENDS):
        path = re.sub(r"/(?:index\.(?:html?|php|aspx?)|default\.aspx?)$", "/", path)
    if "amp" in path:
        path = re.sub(r"(?:/amp/?|\.amp)$", "", path)
        path = re.sub(r"^/amp(?=/.+)", "", path)
        path = re.sub(r"\.amp(?=\.html?$)", "", path)
    return path.rstrip("/") or "/"


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not _TRACKING.match(name)
        and not _AMP_PARAMETER.match(name)
        and not (name.lower() in {"ref", "source", "from", "src", "rss"} and (not value or _REFERRER.match(value)))
    ]
    return urlencode(sorted(kept))
