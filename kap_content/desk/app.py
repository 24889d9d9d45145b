"""The desk as a web application: which address shows what. Reading is GET, everything that writes is POST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Flask, Response, abort, g, redirect, render_template, request
from jinja2 import ChoiceLoader, PackageLoader
from werkzeug.exceptions import HTTPException

from kap_content import __version__
from kap_content.desk.forms import Typed, as_registered, carried_over, judgement_of, typed_in
from kap_content.desk.guard import HEADERS, Guard, Session, is_own_form
from kap_content.desk.reading import Desk, Seen, Stage
from kap_content.desk.who import Who
from kap_content.model.approval import Decision
from kap_content.model.claim import Category, Certainty
from kap_content.model.errors import KapError
from kap_content.review import html as shared
from kap_content.review.difference import FieldChange, differences
from kap_content.review.judgement import ChangedMeanwhile, Judged, record
from kap_content.review.rows import Filter, Row, Show, chosen, counts
from kap_content.review.words import DECIDED, VERDICT_GROUPS, counted

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from kap_content.model.claim import Claim

PER_PAGE = 100
"""Claims shown at once: more than a screen, few enough that any browser lays them out at once."""
LARGEST = 1024 * 1024
"""Bytes of a form."""
STATIC = {"review.css": "text/css", "desk.css": "text/css", "desk.js": "text/javascript"}


def create_app(desk: Desk, guard: Guard, who: Who, today: Callable[[], date]) -> Flask:
    """The application over a desk. Nothing is kept but what `desk` and `guard` keep."""
    app = Flask("kap_content.desk", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST, MAX_FORM_PARTS=2000)
    environment = app.jinja_env
    shared.equip(environment)
    environment.loader = ChoiceLoader([PackageLoader("kap_content.desk", "templates"), shared.loader()])
    environment.globals.update(version=__version__, verdict_groups=VERDICT_GROUPS, project=desk.root.name)
    pages = _Pages(desk, guard, who, today)
    app.before_request(pages.guarded)
    app.after_request(_with_headers)
    app.register_error_handler(HTTPException, pages.trouble)
    app.register_error_handler(KapError, pages.refused)
    for rule, view, methods in (
        ("/enter", pages.enter, ["GET"]),
        ("/", pages.claims, ["GET"]),
        ("/claim", pages.claim, ["GET"]),
        ("/decide", pages.decide, ["POST"]),
        ("/you", pages.you, ["GET"]),
        ("/you", pages.be, ["POST"]),
        ("/state", pages.state, ["GET"]),
        ("/static/<name>", _static, ["GET"]),
    ):
        app.add_url_rule(rule, f"{view.__name__}", view, methods=methods)
    return app


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _static(name: str) -> Response:
    from importlib.resources import files

    if name not in STATIC:
        abort(404)
    text = (
        shared.static(name)
        if name == "review.css"
        else (files("kap_content.desk") / "static" / name).read_text("utf-8")
    )
    return Response(text, mimetype=STATIC[name])


class _Pages:
    """The views. Each request reads the project as it stands."""

    def __init__(self, desk: Desk, guard: Guard, who: Who, today: Callable[[], date]) -> None:
        self._desk, self._guard, self._who, self._today = desk, guard, who, today
        self._writing = Lock()

    def guarded(self) -> tuple[str, int] | None:
        """Refuse what does not come from the one browser that was let in."""
        reason = self._guard.reason_against(request.method, dict(request.headers))
        if reason:
            return self._closed(reason), 403
        if request.endpoint == "enter":
            return None
        session = self._guard.known(request.cookies.get(self._guard.cookie, ""))
        if session is None:
            return self._closed("This browser has not opened the link that kap review printed."), 403
        if request.method == "POST" and not is_own_form(session, request.form.get("csrf", "")):
            return self._closed("This form was not made by this desk. Open the claim again."), 403
        g.session = session
        return None

    @staticmethod
    def _closed(reason: str) -> str:
        return render_template("closed.html", reason=reason)

    def enter(self) -> AnyResponse | tuple[str, int]:
        """Exchange the one-time token for the session's cookie; whoever only asks for the head does not use it up."""
        if request.method != "GET":
            abort(405)
        session = self._guard.enter(request.args.get("token", ""))
        if session is None:
            if self._guard.known(request.cookies.get(self._guard.cookie, "")):
                return redirect("/", 303)
            reason = "This link has been used, or is not the one that kap review printed."
            return self._closed(reason), 403
        session.reviewer, session.role = self._who.reviewer, self._who.role
        # A page that leads on, not a redirect: a cookie that is SameSite=Strict would not come along with that.
        response = Response(render_template("enter.html"))
        response.set_cookie(self._guard.cookie, session.key, max_age=12 * 3600, httponly=True, samesite="Strict")
        return response

    def claims(self) -> str:
        """The list of pages and claims, filtered."""
        seen = self._desk.now()
        with self._desk.undisturbed():
            return self._claims(seen, Filter.of(request.args))

    def _claims(self, seen: Seen, wanted: Filter) -> str:
        role = self._role(seen)
        found = chosen(seen.rows, wanted, role)
        number = min(_number(request.args.get("at", "")), max(0, (len(found) - 1) // PER_PAGE))
        return self._page(
            "list.html",
            seen,
            here=f"/?{_query(wanted, at=number or '')}",
            rows=found[number * PER_PAGE : (number + 1) * PER_PAGE],
            found=len(found),
            first=number * PER_PAGE + 1,
            at=number,
            last_at=max(0, (len(found) - 1) // PER_PAGE),
            filter=wanted,
            counts=counts(seen.rows, wanted, role),
            shows=Show,
            categories=list(Category),
            pages=seen.pages(role),
            query=_query,
        )

    def claim(self) -> str | tuple[str, int]:
        """One claim, with the form."""
        seen = self._desk.now()
        claim = seen.context.claims.get(request.args.get("id", ""))
        if claim is None:
            return self._message(seen, "No such claim", "The list has no claim of this name any more."), 404
        with self._desk.undisturbed():
            return self._claim(seen, claim, as_registered(claim, self._role(seen)), Filter.of(request.args))

    def decide(self) -> AnyResponse | tuple[str, int]:
        """Write what was filled in; or say why not, with everything that was typed."""
        with self._writing:  # of two tabs that decide at once the second sees what the first wrote
            seen = self._desk.settled()
            with self._desk.undisturbed():
                return self._decided(seen, g.session)

    def _decided(self, seen: Seen, session: Session) -> AnyResponse | tuple[str, int]:
        wanted = Filter.of({name: request.form.get(f"filter-{name}", "") for name in Filter().__slots__})
        claim = seen.context.claims.get(request.form.get("claim", ""))
        shown = self._desk.memory.shown(request.form.get("claim", ""), request.form.get("seen", ""))
        judgement, errors = judgement_of(request.form, shown or claim)
        if claim is None:
            return self._lost(seen, judgement.claim), 409
        if not session.reviewer:
            errors["who"] = "Say who you are first."
        if errors:
            return self._claim(seen, claim, typed_in(request.form, errors=errors), wanted), 422
        if not seen.is_usable and seen.error is not None:
            return self._claim(seen, claim, typed_in(request.form, errors={"": str(seen.error)}), wanted), 409
        try:
            signer = self._who.signer if self._who.signer and self._who.signer.principal == session.reviewer else None
            done = record(self._desk.root, seen.known, judgement, session.reviewer, signer, self._today())
            self._desk.wrote(claim.id, done.known)
        except ChangedMeanwhile as error:
            typed = carried_over(typed_in(request.form, errors={"": error.help}), shown or claim, claim)
            changes = differences(shown, claim) if shown else ()
            return self._claim(seen, claim, typed, wanted, stale=error.changes, changed=changes), 409
        except KapError as error:
            typed = typed_in(request.form, errors={"": f"{error.message}. {error.help}".strip()})
            return self._claim(seen, claim, typed, wanted), 422
        session.role = judgement.role or session.role
        session.told.append(_told(done, claim.id))
        return redirect(f"/claim?{_query(wanted, id=claim.id)}#told", 303)

    def you(self) -> str:
        """Who decides, and as what."""
        return self._page("you.html", self._desk.now(), roles=self._roles(self._desk.now()), error="")

    def be(self) -> AnyResponse | tuple[str, int]:
        """Change who decides, where no key says it."""
        seen, session = self._desk.now(), g.session
        name, role = request.form.get("reviewer", "").strip(), request.form.get("role", "")
        if self._who.signer is not None:
            name = session.reviewer
        if not name or not name.isprintable() or len(name) > 200:  # noqa: PLR2004 - longer than any name
            return self._page("you.html", seen, roles=self._roles(seen), error="Write your name."), 422
        session.reviewer, session.role = name, role if role in self._roles(seen) else ""
        return redirect("/", 303)

    def state(self) -> dict[str, str | bool]:
        """How far the project is read, for the script: whether it changed, and whether the findings are known."""
        seen = self._desk.at_once()
        return {"version": seen.version, "stage": seen.stage, "trouble": seen.error is not None}

    def trouble(self, error: HTTPException) -> tuple[str, int]:
        """A page for what HTTP calls an error."""
        code = error.code or 500
        title = {404: "Not found", 405: "Not possible", 413: "Too long"}.get(code, "This cannot be shown")
        if "session" not in g:
            return self._closed(title), code
        return self._message(self._desk.at_once(), title, error.description or ""), code

    def refused(self, error: KapError) -> tuple[str, int]:
        """A page for what kap cannot do."""
        return self._message(self._desk.at_once(), "This cannot be done", f"{error.message}. {error.help}"), 500

    def _claim(
        self,
        seen: Seen,
        claim: Claim,
        typed: Typed,
        wanted: Filter,
        *,
        stale: tuple[str, ...] = (),
        changed: tuple[FieldChange, ...] = (),
    ) -> str:
        view = seen.views.of(claim)
        self._desk.memory.keep(claim, view.fingerprint)
        before, after, position, found = _neighbours(chosen(seen.rows, wanted, self._role(seen)), claim.id)
        waiting = (row for row in seen.rows if row.id != claim.id and row.needs(self._role(seen)))
        return self._page(
            "claim.html",
            seen,
            here=f"/claim?{_query(wanted, id=claim.id)}",
            view=view,
            typed=typed,
            filter=wanted,
            before=before,
            after=after,
            position=position,
            found=found,
            next_waiting=next(waiting, None),
            grades=list(Certainty),
            roles=self._roles(seen),
            barred=seen.context.settings.review.reason_against(g.session.reviewer, typed.role or self._role(seen)),
            stale=stale,
            changed=changed,
            query=_query,
        )

    def _lost(self, seen: Seen, claim: str) -> str:
        typed = typed_in(request.form)
        text = f"Claim {claim} was taken out or renamed while you looked at it. Nothing was written."
        return self._page("message.html", seen, title="This claim is gone", text=text, kept=typed.comment)

    def _message(self, seen: Seen, title: str, text: str) -> str:
        return self._page("message.html", seen, title=title, text=text, kept="")

    def _page(self, template: str, seen: Seen, **values: object) -> str:
        session: Session = g.session
        told, session.told = session.told, []
        return render_template(
            template,
            seen=seen,
            stages=Stage,
            session=session,
            signer=self._who.signer,
            signs=self._signs(session),
            role=self._role(seen),
            told=told,
            **({"here": "/"} | values),
        )

    def _signs(self, session: Session) -> bool:
        return self._who.signer is not None and self._who.signer.principal == session.reviewer

    def _role(self, seen: Seen) -> str:
        """The role that the reviewer decides in, where nothing else is chosen."""
        roles, session = self._roles(seen), g.session
        return session.role if session.role in roles else next(iter(roles), "")

    def _roles(self, seen: Seen) -> tuple[str, ...]:
        """The roles that the reviewer may choose: their own, else all, those that the settings require first."""
        review = seen.context.settings.review
        known = review.reviewers.get(g.session.reviewer)
        if known is not None and known.roles:
            return known.roles
        return tuple(dict.fromkeys((*review.roles_for(None), *review.roles)))


def _neighbours(rows: tuple[Row, ...], claim: str) -> tuple[Row | None, Row | None, int, int]:
    """The rows before and after a claim in the filtered list, its position from 1 (0: not in it), and their number."""
    place = next((number for number, row in enumerate(rows) if row.id == claim), None)
    if place is None:
        return None, rows[0] if rows else None, 0, len(rows)
    before = rows[place - 1] if place else None
    return before, rows[place + 1] if place + 1 < len(rows) else None, place + 1, len(rows)


def _query(wanted: Filter, **more: str | int) -> str:
    """The fields of an address: the filter, and more."""
    return urlencode({**{name: str(text) for name, text in more.items() if text != ""}, **wanted.given()})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0  # noqa: PLR2004 - pages of a list


def _told(done: Judged, claim: str) -> str:
    """What was written, in a sentence."""
    parts = []
    if done.decided is not None:
        approval = done.decided.approval
        sign = ", signed" if approval.signature else ""
        words = (
            "changes are asked for" if approval.decision == "request_changes" else DECIDED[Decision(approval.decision)]
        )
        parts.append(f"{claim}: {words} as {approval.role}{sign}")
        if approval.decision == "approve" and done.decided.missing:
            parts.append(f"still to approve: {', '.join(done.decided.missing)}")
    edited = {(edit.item, edit.name) for edit in done.edits}
    verdicts = sum(1 for _, name in edited if name == "verdict")
    if verdicts:
        parts.append(f"{counted(verdicts, 'verdict')} written")
    if (None, "certainty") in edited:
        parts.append("certainty written")
    if (None, "next_review_due") in edited:
        parts.append("next review written")
    return ("; ".join(parts) or "Nothing had changed; nothing was written") + "."
