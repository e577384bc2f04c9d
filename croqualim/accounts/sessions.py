"""Django's sessions and people, by prepared queries: every page begins with them."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils.timezone import now

from croqualim.accounts.models import Person
from croqualim.storage.prepared import Prepared

KEPT = Prepared(lambda key: Session.objects.filter(session_key=key))
PERSON = Prepared(lambda pk: Person.objects.filter(pk=pk))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        session = KEPT.first(self.session_key) if self.session_key else None
        if session is not None and session.expire_date > now():
            return session
        self._session_key = None  # as Django does: a key that is none of ours is not kept
        return None


class Backend(ModelBackend):
    def get_user(self, user_id: int) -> Person | None:
        person = PERSON.first(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None
