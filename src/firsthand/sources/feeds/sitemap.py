"""Google News sitemaps to our model.

https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

from __future__ import annotations

from firsthand.model.errors import NotAFeed
from firsthand.model.feed import FeedFormat, Item, ParsedFeed
from firsthand.sources.feeds.fields import (
    TITLE_LIMIT,
    Element,
    Source,
    distinct,
    elements,
    fields_of,
    find_date,
    first_text,
    item_id,
    language,
    limited,
    resolve,
)
from firsthand.sources.feeds.plain import excerpt, guessed_text, tidy


def read_sitemap(source: Source) -> ParsedFeed:
    """The articles of a news sitemap, as one feed with the publication's name.

    Pages without `news:news` are left out: they are no news. A sitemap has no title of its own.

    Raises:
        NotAFeed: it names pages, but no article.
    """
    entries = [
        (element, news)
        for element in elements(source, "url")
        if (news := next((child for child in element if source.names[child.tag] == "news:news"), None)) is not None
    ]
    if not entries and next(iter(elements(source, "url")), None) is not None:
        raise NotAFeed(
            "This sitemap lists pages of a site but no news (it has no news:news entries).",
            "Look for the site's feed or its news sitemap; robots.txt often names it.",
        )
    kept, dropped = limited(entries, source.limit)
    items = tuple(_item(element, news, source) for element, news in kept)
    name = next((item.source for item in items if item.source), "") or ""
    return ParsedFeed(
        format=FeedFormat.SITEMAP,
        title=name,
        language=next((item.language for item in items if item.language), None),
        items=items,
        dropped=dropped,
    )


def _item(element: Element, news_element: Element, source: Source) -> Item:
    fields = fields_of(element, source.names)
    news = fields_of(news_element, source.names)
    publication = fields_of(news["news:publication"][0], source.names) if "news:publication" in news else {}
    url = resolve(source.url, first_text(fields, ("loc",)))
    title = excerpt(guessed_text(first_text(news, ("news:title",))), TITLE_LIMIT)
    published = find_date(news, ("news:publication_date",))
    images = (fields_of(image, source.names) for image in fields.get("sitemap-image:image", ()))
    pictures = (resolve(source.url, first_text(image, ("sitemap-image:loc",))) for image in images)
    keywords = first_text(news, ("news:keywords",)).split(",")
    tongue = first_text(publication, ("news:language",)) or first_text(news, ("news:language",))
    return Item(
        id=item_id("", url, title, published),
        url=url,
        title=title,
        published=published,
        updated=find_date(fields, ("lastmod",)),
        categories=distinct(excerpt(tidy(word), 200) for word in keywords),
        image=next((picture for picture in pictures if picture), None),
        language=language(tongue),
        source=excerpt(tidy(first_text(publication, ("news:name",))), 300) or None,
    )
