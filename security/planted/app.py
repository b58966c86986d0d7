"""A tiny service with planted holes, on loopback and for one run: what a scanner doesn't find here, it doesn't find.

Never import it from the service. Its holes: SQL put together from a parameter, from a part of the path and from a field
of a form; a name shown unescaped, a redirect to wherever one asks, no security header on any page, and a forgotten
repository.
"""

import sqlite3
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

app = FastAPI(openapi_url=None)
store = sqlite3.connect(":memory:", check_same_thread=False)
store.executescript("CREATE TABLE places (name TEXT); INSERT INTO places VALUES ('east'), ('west');")


@app.get("/")
def home() -> Response:
    links = ("search?q=east", "hello?name=east", "go?to=/hello%3Fname%3Deast")
    form = '<form method="post" action="/look"><input name="name" value="east"><button>Look</button></form>'
    return HTMLResponse("<html><body>" + "".join(f'<a href="/{link}">{link}</a> ' for link in links) + form)


@app.get("/search")
def search(q: str = "") -> Response:
    return _places(q)


@app.get("/places/{name}")
def place(name: str) -> Response:
    return _places(name)


@app.post("/look")
async def look(request: Request) -> Response:
    return _places(parse_qs((await request.body()).decode()).get("name", [""])[-1])


def _places(name: str) -> Response:
    try:
        rows = store.execute(f"SELECT name FROM places WHERE name = '{name}'").fetchall()
    except sqlite3.Error as error:
        return PlainTextResponse(f"SQLite error: {error}", status_code=500)
    return PlainTextResponse("\n".join(str(row[0]) for row in rows) or "nothing")


@app.get("/hello")
def hello(name: str = "") -> Response:
    return HTMLResponse(f"<html><body><p>Hello {name}</p></body></html>")


@app.get("/go")
def go(to: str = "/") -> Response:
    return RedirectResponse(to, status_code=302)


@app.get("/.git/HEAD")
def forgotten() -> Response:
    return PlainTextResponse("ref: refs/heads/main\n")
