"""What the application's handlers share, built once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from firsthand.desk import Desk
from firsthand.web.links import ImageSigner
from firsthand.web.settings import WebSettings

if TYPE_CHECKING:
    from firsthand.web.live import Hub
    from firsthand.web.render import Renderer


@dataclass(frozen=True, slots=True)
class WebHouse:
    """The parts that handlers use."""

    desk: Desk
    settings: WebSettings
    renderer: Renderer
    signer: ImageSigner
    hub: Hub
    csrf_key: bytes
    image_turns: asyncio.Semaphore
    """Pictures that may be fetched at one time, each up to 5 MB in memory."""


def house_of(connection: HTTPConnection) -> WebHouse:
    """The parts of the application that a request came to."""
    return cast(WebHouse, connection.app.state.house)
