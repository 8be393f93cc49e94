"""Read-only links to conversations. Reached as ``Store.links``.

A link shows a conversation as it was when the link was made: what is asked later is not in it, and
its answers are those that were kept, with their citations as they were. It goes with its
conversation. The token is 256 random bits of which a hash is kept (see ``access``), so the store
cannot tell what opens a link.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Select, delete, insert, select

from chatbot.errors import ConversationNotFound
from chatbot.store import tables
from chatbot.store.access import digest_of
from chatbot.store.conversations import Conversations, mine
from chatbot.store.home import Home
from chatbot.types import SharedConversation, SharedLink

LINK_PREFIX: Final = "cs_"
"""What the token of every link begins with, so that it is recognised in a log."""

_L: Final = tables.links.c
_C: Final = tables.conversations.c


class Links:
    """The links to the conversations of one person, or of all people where ``owner`` is None.

    A conversation or a link that this person has not, or that has ended or was taken back, raises
    ``ConversationNotFound``.
    """

    def __init__(
        self,
        home: Home,
        *,
        owner: str | None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._home = home
        self._owner = owner
        self._clock = clock

    def create(self, conversation_id: str, *, days: int = 7) -> SharedLink:
        """Make a link to a conversation as it is now, with the token that opens it.

        Args:
            conversation_id: of an own conversation.
            days: how long it works.

        Raises:
            ConversationNotFound: also where nothing is kept in it.
        """
        turns = Conversations(self._home, owner=self._owner).turns(conversation_id)
        if not turns:
            raise ConversationNotFound("This conversation has no saved answer to share yet.")
        token = LINK_PREFIX + secrets.token_urlsafe(32)
        told = {
            "id": uuid4().hex,
            "created": self._time(),
            "expires": self._time(timedelta(days=days)),
        }
        kept = {
            "digest": digest_of(token),
            "conversation": select(_C.number).where(_C.id == conversation_id).scalar_subquery(),
            "turns": json.dumps([turn.id for turn in turns]),
        }
        with self._home.writing() as connection:
            connection.execute(delete(tables.links).where(_L.expires <= told["created"]))
            connection.execute(insert(tables.links).values(told | kept))
        return SharedLink(conversation_id=conversation_id, token=token, **told)

    def list(self, conversation_id: str) -> Sequence[SharedLink]:
        """Return the links to a conversation that still work, oldest first."""
        Conversations(self._home, owner=self._owner).get(conversation_id)
        wanted = self._working().where(_C.id == conversation_id).order_by(_L.created, _L.id)
        return [SharedLink(**row._mapping) for row in self._home.rows(wanted)]

    def revoke(self, link_id: str) -> None:
        """Take a link back: it opens nothing from now on."""
        own = select(_C.number).where(mine(self._owner))
        gone = delete(tables.links).where(_L.id == link_id, _L.conversation.in_(own))
        with self._home.writing() as connection:
            if not connection.execute(gone).rowcount:
                raise ConversationNotFound("There is no such link. It may have expired.")

    def open(self, token: str) -> SharedConversation:
        """Return what a link shows to whoever has it."""
        wanted = self._working().add_columns(_L.turns).where(_L.digest == digest_of(token))
        found = self._home.rows(wanted)
        if not found:
            raise ConversationNotFound("This link has expired or was taken back.")
        kept, about = Conversations(self._home, owner=None), found[0].conversation_id
        shown = set(json.loads(found[0].turns))
        return SharedConversation(
            title=kept.get(about).title,
            turns=tuple(one for one in kept.turns(about) if one.id in shown),
            created=found[0].created,
            expires=found[0].expires,
        )

    def _working(self) -> Select[Any]:
        wanted = select(_L.id, _C.id.label("conversation_id"), _L.created, _L.expires)
        joined = wanted.join_from(tables.links, tables.conversations)
        return joined.where(_L.expires > self._time())

    def _time(self, later: timedelta = timedelta()) -> str:
        return (self._clock() + later).isoformat(timespec="seconds")
