"""The directory of departments, for naming a better one when something is sent back."""

from fastapi import APIRouter

from app.api.authentication import Anybody
from app.api.receiving import DepartmentRoute
from app.api.v1.representations import DepartmentList, directory
from app.api.v1.responses import READ
from app.kit.http import ReadSession

router = APIRouter(route_class=DepartmentRoute, tags=["departments"])


@router.get("/departments", responses=READ, response_description="The directory", operation_id="list_departments")
def list_departments(reader: Anybody, session: ReadSession) -> DepartmentList:
    """The whole directory in one page: every department's id, canonical name, and whether it can be assigned to."""
    return directory(session)
