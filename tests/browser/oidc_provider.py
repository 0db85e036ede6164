"""A small OpenID Connect provider for the tests: discovery, authorization code with PKCE, signed tokens.

Follows OpenID Connect Core 1.0 as far as a login needs (3.1: authorization code flow; RFC 7636: S256) and is
strict where a client could cheat: client secret, redirect address, code used once, verifier.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "zeren-page", "a-client-secret-of-the-tests"


@dataclass(slots=True)
class Provider:
    """The accounts a person may choose from, by label, each with its claims; and what was issued."""

    accounts: dict[str, dict[str, Any]]
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "test", "use": "sig"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    issuer: str = ""

    def discovery(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/jwks",
            "end_session_endpoint": f"{at}/bye",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def choose(self, asked: dict[str, str]) -> str:
        """The page on which a person picks an account."""
        links = ""
        for label in self.accounts:
            code = secrets.token_urlsafe(16)
            self.codes[code] = {**asked, "account": label}
            back = urlencode({"code": code, "state": asked["state"]})
            links += f'<p><a href="{html.escape(asked["redirect_uri"])}?{back}">{html.escape(label)}</a></p>'
        return f"<!doctype html><meta charset=utf-8><h1>选择账号</h1>{links}"

    def token(self, form: dict[str, str], client: tuple[str, str]) -> dict[str, Any] | None:
        """Tokens for a code; None where anything is off."""
        issued = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if issued is None or client != (CLIENT, SECRET) or issued["redirect_uri"] != form.get("redirect_uri"):
            return None
        if issued.get("code_challenge_method") != "S256" or issued.get("code_challenge") != challenge:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": issued.get("nonce", ""),
            **self.accounts[issued["account"]],
        }  # fmt: skip
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": jwt.encode({"alg": "RS256", "kid": "test"}, claims, self.key),
        }


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            at = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(at.query).items()}
            if at.path == "/.well-known/openid-configuration":
                self._json(provider.discovery())
            elif at.path == "/jwks":
                self._json({"keys": [provider.key.as_dict(private=False)]})
            elif at.path == "/authorize" and asked.get("client_id") == CLIENT:
                self._send(200, "text/html", provider.choose(asked).encode())
            elif at.path == "/bye":
                self.send_response(302)
                self.send_header("Location", asked.get("post_logout_redirect_uri", "/"))
                self.end_headers()
            else:
                self._send(404, "text/plain", b"not here")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            client = (form.get("client_id", ""), form.get("client_secret", ""))
            if held := self.headers.get("Authorization", "").removeprefix("Basic "):
                name, _, word = base64.b64decode(held).decode().partition(":")
                client = (name, word)
            found = provider.token(form, client)
            self._json(found or {"error": "invalid_grant"}, 200 if found else 400)

        def _json(self, value: Any, status: int = 200) -> None:
            self._send(status, "application/json", json.dumps(value).encode())

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """The provider at a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
