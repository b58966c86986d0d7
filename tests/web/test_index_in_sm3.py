"""What is chosen for the blind index holds for comments that come by the form."""

from dataclasses import replace

from sqlalchemy import select
from starlette.testclient import TestClient

from app.kit.crypto import Sealer
from app.main import build
from app.submissions.models import SubmitterIdentity
from app.submissions.vault import Vault
from tests.support.app import ENTRY, SECRETS, hidden, settings
from tests.support.journey import SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"


def test_the_form_knows_a_person_by_sm3_where_that_is_chosen(world: World) -> None:
    app = build(settings(), replace(SECRETS, index_hash="sm3"), world.database, StoppedClock())
    with TestClient(app, follow_redirects=False) as browser:
        for title in ("一", "二"):
            sent = hidden(browser.get(FORM).text) | ENTRY | {"title": title}
            assert browser.post(FORM, data=sent).status_code == 303
        with world.database.reading() as session:
            first, second = session.scalars(select(SubmitterIdentity)).all()
    vault = Vault(Sealer(SECRETS.sealing, SECRETS.sealing_id), SECRETS.index, "sm3")
    known = vault.person_index(first.consultation_id, ENTRY["id_number"])
    assert first.person_index == second.person_index == known
