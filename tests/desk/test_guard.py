"""Who is let in: real requests to a real desk, as a browser and as an attacker sends them."""

from __future__ import annotations

import pytest

from tests.desk.conftest import Open, Visitor


def test_the_link_lets_one_browser_in_and_no_second(open_desk: Open) -> None:
    first = open_desk()
    assert "KET-1" in first.ask("/").text
    second = Visitor(first.link)
    assert second.enter().status == 403
    assert second.ask("/").status == 403


def test_a_browser_that_was_let_in_may_follow_its_link_again(open_desk: Open) -> None:
    visitor = open_desk()
    assert visitor.ask("/" + visitor.link.split("/", 3)[3]).headers["Location"] == "/"


def test_who_only_looks_whether_the_link_is_there_does_not_use_it_up(open_desk: Open) -> None:
    visitor = open_desk(enter=False)
    assert visitor.ask("/" + visitor.link.split("/", 3)[3], "HEAD").status == 405
    assert visitor.enter().status == 200


@pytest.mark.parametrize("token", ["", "x", "%00", "é" * 40])
def test_a_wrong_token_is_refused_and_leaves_the_right_one_good(open_desk: Open, token: str) -> None:
    visitor = open_desk(enter=False)
    assert visitor.ask(f"/enter?token={token.encode().hex() if 'é' in token else token}").status == 403
    assert visitor.enter().status == 200


@pytest.mark.parametrize(
    "path", ["/", "/claim?id=KET-1", "/state", "/you", "/static/desk.js", "/static/desk.css", "/x"]
)
def test_without_the_cookie_nothing_is_shown_not_even_the_style(open_desk: Open, path: str) -> None:
    answer = open_desk(enter=False).ask(path)
    assert answer.status == 403
    assert "KET" not in answer.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(open_desk: Open) -> None:
    cookie = open_desk(enter=False).enter().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "evil.example:80", "127.0.0.1:1", "[::1]:80"])
def test_another_host_name_is_refused_even_with_the_cookie(open_desk: Open, host: str) -> None:
    assert open_desk().ask("/", Host=host).status == 403


def test_localhost_is_this_machine_too(open_desk: Open) -> None:
    visitor = open_desk()
    assert visitor.ask("/", Host=f"localhost:{visitor.host.split(':')[1]}").status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_request_of_another_origin_is_refused_even_with_the_cookie(open_desk: Open, origin: str) -> None:
    visitor = open_desk()
    assert visitor.ask("/", Origin=origin).status == 403
    assert visitor.ask("/decide", "POST", "claim=KET-1", Origin=origin).status == 403


def test_a_form_without_an_origin_or_fetched_by_another_site_is_refused(open_desk: Open) -> None:
    visitor = open_desk()
    assert visitor.ask("/decide", "POST", "x=1", Origin="").status == 403
    assert visitor.ask("/decide", "POST", "x=1", Sec_Fetch_Site="cross-site").status == 403


@pytest.mark.parametrize("path", ["/decide", "/you"])
@pytest.mark.parametrize("token", ["", "x" * 43])
def test_a_form_that_the_desk_did_not_make_is_refused(open_desk: Open, path: str, token: str) -> None:
    answer = open_desk().ask(path, "POST", f"csrf={token}&claim=KET-1&decision=approve&reviewer=Eve")
    assert answer.status == 403
    assert "not made by this desk" in answer.text


@pytest.mark.parametrize("path", ["/", "/claim?id=KET-1", "/static/desk.js", "/nothing"])
def test_no_answer_may_be_kept_framed_or_filled_with_foreign_scripts(open_desk: Open, path: str) -> None:
    headers = open_desk().ask(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert "Werkzeug" not in headers["Server"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2f..%2fclaims.yaml",
        "/static/%2e%2e/guard.py",
        "/claims.yaml",
        "/static/",
        "//etc",
    ],
)
def test_no_path_leads_to_a_file(open_desk: Open, path: str) -> None:
    answer = open_desk().ask(path)
    assert answer.status == 404
    assert "Guard" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(open_desk: Open, method: str) -> None:
    assert open_desk().ask("/decide", method).status in (403, 405)


def test_a_form_of_many_megabytes_is_refused(open_desk: Open) -> None:
    assert open_desk().ask("/decide", "POST", "comment=" + "x" * 3_000_000).status in (403, 413)


def test_nothing_that_a_page_loads_comes_from_elsewhere(open_desk: Open) -> None:
    visitor = open_desk()
    for path in ("/", "/claim?id=KET-1", "/you"):
        text = visitor.ask(path).text
        assert 'src="http' not in text
        assert "<style" not in text
        assert 'href="/static/' in text
    for name in ("review.css", "desk.css"):
        assert "url(" not in visitor.ask(f"/static/{name}").text
        assert "@import" not in visitor.ask(f"/static/{name}").text
