"""The one way from what the pages show to what the JSON API answers."""

from __future__ import annotations

from firsthand.desk.pages import ArticlePage
from firsthand.desk.stories import StoryItem
from firsthand.desk.story_page import StoryPage
from firsthand.model.findingsform import analysis_to_json
from firsthand.model.jsonform import article_to_json
from firsthand.model.people import Person, Said
from firsthand.model.records import Change, FollowedFeed, Headline, HeldArticle, Outlet
from firsthand.model.stories import StoryHead
from firsthand.web.apis.v1 import shapes


def outlet(one: Outlet) -> shapes.OutletShape:
    return shapes.OutletShape(
        id=one.id, name=one.name, domain=one.domain, kind=one.kind, country=one.country, home=one.home
    )


def headline(one: Headline) -> shapes.HeadlineShape:
    return shapes.HeadlineShape(
        id=one.id,
        url=one.url,
        headline=one.headline,
        summary=one.summary,
        byline=list(one.byline),
        agency=one.agency,
        section=list(one.section),
        outlet=outlet(one.outlet),
        published=one.published.isoformat() if one.published else None,
        seen=one.seen,
        sort_at=one.sort_at,
        image=one.image,
        state=one.state.value,
        read=one.read,
        saved=one.saved,
    )


def article(page: ArticlePage, html: str) -> shapes.ArticleShape:
    held = page.held
    findings = analysis_to_json(page.analysis, held.article.text) if page.analysis else None
    return shapes.ArticleShape(
        head=_head(held),
        problem=held.problem,
        article=article_to_json(held.article),
        findings=findings,
        html=html,
        versions=[shapes.VersionShape(number=number, seen=seen) for number, seen in held.versions],
        feeds=[shapes.FeedName(id=feed_id, title=title) for feed_id, title in held.feeds],
    )


def _head(held: HeldArticle) -> shapes.HeadlineShape:
    """A whole article as a list would show it."""
    found = held.article
    return shapes.HeadlineShape(
        id=held.id,
        url=found.canonical_url or found.url or "",
        headline=found.headline or "",
        summary=found.summary or "",
        byline=list(found.byline),
        agency=found.agency,
        section=list(found.section),
        outlet=outlet(held.outlet),
        published=found.published.isoformat() if found.published else None,
        seen=held.seen,
        sort_at=held.sort_at,
        image=found.image,
        state=held.state.value,
        read=held.read,
        saved=held.saved,
    )


def feed(one: FollowedFeed) -> shapes.FeedShape:
    held = one.feed
    return shapes.FeedShape(
        id=held.id,
        url=held.url,
        title=held.title,
        site=held.site_url,
        folder=one.follow.folder,
        outlet=outlet(one.outlet),
        interval_seconds=int(held.interval.total_seconds()),
        last_success=held.last_success,
        next_poll=held.next_poll,
        failing_since=held.failing_since,
        failure=held.failure,
    )


def story(head: StoryHead) -> shapes.StoryShape:
    mark = head.mark
    return shapes.StoryShape(
        id=head.id,
        title=head.title,
        lead=head.lead,
        article_id=head.article_id,
        outlet=head.outlet,
        section=head.section,
        image=head.image,
        first_seen=head.first_seen,
        last_seen=head.last_seen,
        changed=head.changed,
        articles=head.articles,
        mark=shapes.MarkShape(outlets=mark.outlets, at_least=mark.at_least, at_most=mark.at_most, words=mark.words),
    )


def stories(items: tuple[StoryItem, ...], following: str | None) -> shapes.StoriesShape:
    return shapes.StoriesShape(items=[story(one.head) for one in items], next=following)


def story_page(page: StoryPage) -> shapes.StoryPageShape:
    listed = {one.headline.id: one.headline for one in page.carriers}
    listed |= {copy.headline.id: copy.headline for one in page.carriers for copy in one.copies}
    listed |= {one.id: one for group in page.origins for one in group.carriers}
    return shapes.StoryPageShape(
        story=story(page.head),
        articles=[headline(one) for one in sorted(listed.values(), key=lambda one: (one.seen, one.id))],
        origins=[
            shapes.OriginShape(
                number=one.number,
                own=one.own,
                articles=[carrier.id for carrier in one.carriers],
                whys=[shapes.WhyShape(says=why.says, words=why.words, article_id=why.article_id) for why in one.whys],
            )
            for one in page.origins
        ],
        people=[shapes.WhoShape(id=one.person, name=one.name) for one in page.people],
        places=list(page.places),
        storyline=[story(one) for one in page.line],
    )


def person(one: Person) -> shapes.PersonShape:
    return shapes.PersonShape(id=one.id, name=one.name, role=one.role, statements=one.statements)


def said(one: Said) -> shapes.SaidShape:
    return shapes.SaidShape(
        article_id=one.article_id,
        number=one.number,
        headline=one.headline,
        outlet=one.outlet,
        content=one.content,
        kind=one.kind.value,
        polarity=one.polarity.value,
        day=one.day.isoformat() if one.day else None,
        published=one.published,
    )


def change(one: Change) -> shapes.ChangeShape:
    return shapes.ChangeShape(
        seq=one.seq, at=one.at, kind=one.kind.value, article_id=one.article_id, feed_id=one.feed_id
    )
