"""The page of a story."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from firsthand.web.house import house_of
from firsthand.web.pages import known_id
from firsthand.web.visit import Reading

router = APIRouter()


@router.get("/stories/{story_id}")
def story(request: Request, who: Reading, story_id: int) -> Response:
    """One story: its origins, who carries it, who said what."""
    house = house_of(request)
    shell = house.desk.browse.shell(who.reader)
    page = house.desk.stories.story(who.reader, known_id(story_id), shell)
    if page.head.id != story_id:  # it went into another
        return RedirectResponse(f"/stories/{page.head.id}", 301)
    members = [one.id for carrier in page.carriers for one in (carrier.headline, *(c.headline for c in carrier.copies))]
    changed = house.desk.compare.changed(who.reader, members)
    return house.renderer.page(
        "story.html", who, page=page, changed=changed, shell=page.shell, view=f"story:{story_id}"
    )
