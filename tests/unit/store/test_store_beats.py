"""Beats in both databases: what comes into them, and what is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from store_world import MINUTE, NOW, OWNER, brought, feed, item, poll, read

from firsthand.desk.beats import Beats
from firsthand.desk.watching import Watcher
from firsthand.model.article import Dateline
from firsthand.model.beats import ALL_ALERTS, AlertKind, Beat, BeatKind
from firsthand.model.errors import NotFound, UsageError
from firsthand.model.grouping import Origins
from firsthand.model.records import Reading
from firsthand.model.stories import OriginMark, Placed, StoryCount
from firsthand.store import Store


class World:
    """A desk whose clock the test turns."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self.beats = Beats(store, lambda: self.now)
        self.watcher = Watcher(store, lambda: self.now)
        self.reader = store.readers.owner()
        self.watcher.work_all()
        store.watching.cursor()

    def watch(self, kind: BeatKind, key: str, **more: object) -> Beat:
        return self.beats.add(self.reader, kind, key, **more)  # type: ignore[arg-type]

    def ids(self, beat: Beat) -> list[int]:
        return [one.id for one in self.store.beats.articles(beat.id, OWNER, before=None, limit=100)]

    def alerts(self, kind: AlertKind | None = None) -> list[str]:
        found = self.store.beats.alerts(OWNER, limit=100)
        return [one.title for one in found if kind in (None, one.kind)]

    def come(self, *names: str, url: str = "https://herald.example/feed", **more: object) -> list[int]:
        """New articles, and the watcher's look at them."""
        ids = self.store.ingest.save_poll(
            poll(feed(self.store, url), *(item(name, **more) for name in names), at=self.now)
        )
        self.watcher.work_all()
        return ids

    def story(self, story_id: int, *ids: int, origins: int = 1, title: str = "The wall") -> None:
        """Put articles into a story, count it, and have the watcher look."""
        for one in self.store.stories.load(ids):
            self.store.stories.save(one, [], [], placed(one.article_id, story_id), self.now)
        self.store.stories.save_count(story_id, counted(story_id, ids[0], len(ids), origins, title), self.now)
        self.watcher.work_all()


def placed(article_id: int, story_id: int) -> Placed:
    return Placed(article_id=article_id, story_id=story_id, speaker_id=article_id, score=1.0, reason="")


def counted(story_id: int, article_id: int, articles: int, origins: int, title: str) -> StoryCount:
    return StoryCount(story_id=story_id, title=title, lead="", article_id=article_id, section=None, section_slug=None,
                      image=None, first_seen=NOW, last_seen=NOW, articles=articles,
                      mark=OriginMark(max(articles, origins), origins, origins),
                      origins=Origins((), origins, origins))  # fmt: skip


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_a_search_takes_in_what_is_there_and_what_comes(world: World) -> None:
    old = world.come("old", title="The sea wall breaks")
    beat = world.watch(BeatKind.SEARCH, '"sea wall" -football')
    assert world.ids(beat) == old
    world.now += MINUTE
    new = world.come("a", title="Sea wall: who knew?") + world.come("b", title="A wall by the sea", summary="Nothing.")
    world.come("c", title="Sea wall cup", summary="Football.")
    assert world.ids(beat) == [new[0], *old]


@pytest.mark.parametrize(
    "words",
    ["wall", "walls", "sea wall", '"wall sea"', "outlet:herald wall", "outlet:nowhere wall", "by:quist", "section:world",
     "wall -who", "-who wall after:2026", "before:2020 wall", "東京", "Wäll"],
)  # fmt: skip
def test_a_beat_holds_what_the_search_finds(world: World, words: str) -> None:
    """One way to fold and match: what comes later must not be judged otherwise than what was there."""
    beat = world.watch(BeatKind.SEARCH, words)
    world.come("a", title="Sea wall: who knew?", authors=("Ada Quist",))
    world.come("b", title="東京都の壁", summary="Wall.")
    from firsthand.desk.query import parse_search

    found = world.store.articles.search(OWNER, parse_search(words), before=None, limit=50)
    assert world.ids(beat) == [one.id for one in found]


def test_what_an_article_says_whole_counts_as_well(world: World) -> None:
    beat = world.watch(BeatKind.SEARCH, "dredging")
    (one,) = world.come("a")
    assert world.ids(beat) == []
    read(world.store, one, "The dredging of the channel.")
    world.watcher.work_all()
    assert world.ids(beat) == [one]


def test_an_outlet_and_a_place(world: World) -> None:
    ids = world.come("a", "b")
    outlet = world.store.articles.listed(OWNER, ids)[0].outlet
    place = world.watch(BeatKind.PLACE, "Lviv")
    beat = world.watch(BeatKind.OUTLET, str(outlet.id))
    assert sorted(world.ids(beat)) == ids
    assert beat.name == outlet.name
    read(world.store, ids[1], dateline=Dateline("LVIV"))
    world.watcher.work_all()
    assert world.ids(place) == [ids[1]]


def test_a_beat_that_begins_and_ends_leaves_out_what_is_outside(world: World) -> None:
    beat = world.watch(BeatKind.SEARCH, "title", starts=NOW - MINUTE, ends=NOW + MINUTE)
    inside = world.come("a", sort_at=NOW)
    world.come("b", sort_at=NOW - 2 * MINUTE)
    world.now += 5 * MINUTE
    world.come("c", sort_at=NOW + 2 * MINUTE)
    assert world.ids(beat) == inside


def test_a_first_report_is_told_once_and_nothing_that_was_there_before(world: World) -> None:
    (old,) = world.come("old", title="Wall before")
    world.story(1, old, title="Known already")
    world.now += MINUTE
    world.watch(BeatKind.SEARCH, "wall")
    ids = world.come("a", "b", title="Wall now")
    assert world.alerts() == []  # not yet in a story
    world.story(2, ids[0])
    world.story(2, *ids)
    world.story(1, old, ids[1], title="Known already")
    assert world.alerts(AlertKind.FIRST) == ["The wall"]


def test_a_new_origin_is_told_when_there_are_more_than_before(world: World) -> None:
    world.watch(BeatKind.SEARCH, "wall")
    ids = world.come("a", "b", title="Wall")
    world.story(1, ids[0])
    world.story(1, *ids, origins=2)
    world.story(1, *ids, origins=1)
    world.story(1, *ids, origins=2)
    world.story(1, *ids, origins=3)
    assert len(world.alerts(AlertKind.ORIGIN)) == 2
    assert [one.path for one in world.store.beats.alerts(OWNER)] == ["/stories/1"] * 3


def test_a_story_that_is_watched_brings_its_articles(world: World) -> None:
    ids = world.come("a", "b")
    world.story(5, ids[0])
    beat = world.watch(BeatKind.STORY, "5")
    assert world.ids(beat) == [ids[0]]
    world.story(5, *ids, origins=2)
    assert sorted(world.ids(beat)) == ids
    assert world.alerts(AlertKind.FIRST) == []
    assert len(world.alerts(AlertKind.ORIGIN)) == 1
    world.store.stories.move([], {5: 6}, world.now)
    world.store.stories.move([placed(one, 6) for one in ids], {}, world.now)
    (late,) = world.come("c")
    world.story(6, *ids, late, origins=2)
    assert late in world.ids(beat)
    assert len(world.alerts()) == 1


def test_a_correction_is_told(world: World) -> None:
    world.watch(BeatKind.SEARCH, "council")
    (one,) = world.come("a")
    read(world.store, one, "The council met.")
    from store_world import article

    world.store.ingest.save_reading(
        Reading(article_id=one, at=NOW + MINUTE, article=article("The council met twice."), corrected=True)
    )
    world.watcher.work_all()
    world.watcher.work_all()
    assert world.alerts(AlertKind.CORRECTION) == ["Council meets"]


def test_only_alerts_that_are_wanted(world: World) -> None:
    world.watch(BeatKind.SEARCH, "wall", alerts=ALL_ALERTS - {AlertKind.FIRST})
    ids = world.come("a", title="Wall")
    world.story(1, *ids)
    assert world.alerts() == []


def test_a_person_brings_statements_once_however_many_outlets_print_them(world: World, store: Store) -> None:
    person_id = put_said(store, world.come("before")[0], "We shall rebuild the wall by the spring.")
    world.now += MINUTE
    beat = world.watch(BeatKind.PERSON, str(person_id))
    assert len(world.ids(beat)) == 1
    world.now += MINUTE
    words = "Nobody told me anything about cracks in that wall until the flood came"
    for name in ("x", "y"):
        (one,) = world.come(name)
        put_said(store, one, words + (" on Monday night." if name == "y" else "."))
        world.watcher.work_all()
    assert len(world.alerts(AlertKind.STATEMENT)) == 1
    assert world.alerts(AlertKind.STATEMENT)[0].startswith("Mara Lind: “Nobody told me")
    assert len(world.ids(beat)) == 3


def put_said(store: Store, article_id: int, words: str) -> int:
    """A statement of Mara Lind in an article, as the analysis keeps it."""
    from sqlalchemy import select

    from firsthand.model.records import ChangeKind
    from firsthand.store import changes
    from firsthand.store import schema as s

    with store._db.write() as connection:
        person = connection.scalar(select(s.people.c.id).where(s.people.c.key == "mara lind"))
        if person is None:
            row = {"key": "mara lind", "name": "Mara Lind", "context": [], "statements": 1}
            person = connection.execute(s.people.insert().values(row).returning(s.people.c.id)).scalar_one()
        row = {"article_id": article_id, "number": 0, "person_id": person, "speaker": "Mara Lind", "key": "mara lind",
               "kind": "direct", "polarity": "asserts", "content": words, "sort_at": NOW}  # fmt: skip
        connection.execute(s.said.insert().values(row))
        changes.append(connection, NOW, ChangeKind.ARTICLE_ANALYZED, article_ids=[article_id])
        return int(person)


def test_alerts_are_new_until_they_are_seen(world: World) -> None:
    beat = world.watch(BeatKind.SEARCH, "wall")
    ids = world.come("a", title="Wall")
    world.story(1, *ids)
    assert world.beats.unseen(world.reader) == 1
    (alert,) = world.store.beats.alerts(OWNER)
    assert not alert.seen
    world.store.beats.see(beat.id, alert.id)
    world.store.beats.see(beat.id, 0)
    assert world.beats.unseen(world.reader) == 0
    assert world.store.beats.alerts_after(alert.id - 1) == world.store.beats.alerts(OWNER)
    assert world.store.beats.alerts_after(alert.id) == []
    assert world.store.beats.latest_alert() == alert.id


def test_nothing_is_told_twice_whatever_the_watcher_has_seen_before(world: World, store: Store) -> None:
    world.watch(BeatKind.SEARCH, "wall")
    before = store.watching.cursor()
    ids = world.come("a", title="Wall")
    world.story(1, *ids)
    told = world.alerts()
    with store._db.write() as connection:
        from firsthand.store import schema as s

        connection.execute(s.cursors.update().values(seq=before))
    world.watcher.work_all()
    assert world.alerts() == told == ["The wall"]


def test_of_two_watchers_one_does_the_work(world: World, store: Store) -> None:
    from firsthand.store.watching import Outcome

    beat = world.watch(BeatKind.SEARCH, "wall")
    cursor = store.watching.cursor()
    store.ingest.save_poll(poll(feed(store), item("a", title="Wall")))
    facts = store.watching.facts([1])
    upto = store.changes.latest()
    assert store.watching.keep(Outcome(cursor, upto, [(beat.id, facts[0])]), [])
    assert not store.watching.keep(Outcome(cursor, upto, [(beat.id, facts[0])]), [])


def test_names_addresses_and_what_cannot_be_watched(world: World) -> None:
    first, second = (world.watch(BeatKind.SEARCH, "sea wall", name="Sea wall") for _ in range(2))
    assert (first.slug, second.slug) == ("sea-wall", "sea-wall-2")
    assert world.watch(BeatKind.PLACE, "São Paulo", name="  Brasil / São  Paulo ").slug == "brasil-são-paulo"
    with pytest.raises(NotFound):
        world.watch(BeatKind.PERSON, "77")
    with pytest.raises(NotFound):
        world.watch(BeatKind.OUTLET, "x; drop")
    with pytest.raises(UsageError):
        world.watch(BeatKind.SEARCH, "before:never")
    with pytest.raises(UsageError):
        world.watch(BeatKind.SEARCH, "  ")
    with pytest.raises(UsageError):
        world.watch(BeatKind.SEARCH, "x", starts=NOW, ends=NOW - timedelta(days=1))


def test_watching_twice_is_watching_once(world: World) -> None:
    beat = world.watch(BeatKind.PLACE, "Lviv")
    assert world.watch(BeatKind.PLACE, "Lviv") == beat
    assert world.watch(BeatKind.PLACE, "Lviv", starts=NOW).slug == "lviv-2"


def test_other_times_take_articles_in_and_out(world: World) -> None:
    early, late = world.come("a", sort_at=NOW - 5 * MINUTE) + world.come("b", sort_at=NOW)
    beat = world.watch(BeatKind.SEARCH, "title")
    said = {"name": "x", "alerts": ALL_ALERTS}
    world.beats.change(world.reader, beat.slug, starts=NOW - MINUTE, ends=None, **said)
    assert world.ids(beat) == [late]
    world.beats.change(world.reader, beat.slug, starts=None, ends=NOW - MINUTE, **said)
    assert world.ids(beat) == [early]


def test_no_reader_reaches_anothers_beats(world: World, store: Store) -> None:
    beat = world.watch(BeatKind.SEARCH, "wall")
    store.readers.add("first", "x", NOW)
    other = store.readers.add("other", "x", NOW)
    assert other.id != beat.reader_id
    assert world.beats.lines(other) == []
    with pytest.raises(NotFound):
        world.beats.remove(other, beat.slug)
    assert not store.beats.remove(other.id, beat.id)
    assert not store.beats.change(other.id, beat.id, name="x", starts=None, ends=None, alerts=())
    assert world.beats.remove(world.reader, beat.slug).id == beat.id
    assert store.watching.all() == []


def test_an_article_that_goes_takes_nothing_else_with_it(world: World, store: Store) -> None:
    beat = world.watch(BeatKind.SEARCH, "council")
    ids = brought(store, "one", "two")
    for one in ids:
        read(store, one, keys=("https://herald.example/same",))
    world.watcher.work_all()
    assert world.ids(beat) == [min(ids)]
