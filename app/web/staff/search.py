"""The older address of a search: what was found stands on the desk, as a list of it."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.finding import SEARCHED
from app.desk.views import View
from app.web.staff.access import ViewsDesk
from app.web.staff.desk.place import Place
from app.web.templating import address

router = APIRouter(include_in_schema=False)


@router.get("/staff/search", name="staff_search")
def search(request: Request, actor: ViewsDesk, words: str = "", consultation: str = "", state: str = "") -> Response:
    """A state is looked through as the list of that name."""
    view = next((one for one in SEARCHED if one == state), View.ALL)
    narrowed = {"consultation": consultation, "search": words}
    values = Place(view, {name: value for name, value in narrowed.items() if value}).values()
    return RedirectResponse(address(request, "queue", **values), status_code=303)
