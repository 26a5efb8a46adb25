"""Gets the official Python SDKs in without a token, a scripted browser standing in for the person."""

import base64
import hashlib
import hmac
import html
import os
import re
import secrets
import struct
import subprocess
import time
from urllib.parse import parse_qs, urljoin, urlsplit

from conversation import PATIENCE, WORLD

STEP = 30
REDIRECT = "http://127.0.0.1:6277/callback"


def totp(secret):
    counter = struct.pack(">Q", int(time.time()) // STEP)
    mac = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


class Person:
    """Somebody of their own for one test, so that signing out ends nobody else's tokens."""

    def __init__(self):
        self.username = f"e2e-{secrets.token_hex(4)}"
        self.password = secrets.token_urlsafe(12)
        command = [os.environ["PORTCULLIS_BIN"], "user", "create", "--config", os.environ["E2E_CONFIG"], self.username]
        command += ["--email", f"{self.username}@example.com", "--profile", "analyst"]
        subprocess.run(command, input=f"{self.password}\n", text=True, check=True, capture_output=True, timeout=PATIENCE)


class Browser:
    """Does what a person would; `client` is any HTTP client that keeps cookies and follows redirects."""

    def __init__(self, client):
        self.client = client

    async def open(self, url):
        self._arrive(await self.client.get(url, follow_redirects=True))

    def _arrive(self, response):
        self.url, self.status, self.html = str(response.url), response.status_code, response.text

    async def submit(self, action, **fields):
        """Fills in the form with such an address; what is ticked stays ticked."""
        forms = re.finditer(r'<form\b[^>]*action="([^"]*)"[^>]*>(.*?)</form>', self.html, re.DOTALL)
        target, inside = next((form[1], form[2]) for form in forms if action in form[1])
        data = {}
        for tag in re.findall(r"<input\b[^>]*>", inside):
            attributes = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
            if attributes.get("type") != "checkbox" or re.search(r"\schecked\b", tag):
                data.setdefault(attributes["name"], []).append(attributes.get("value", ""))
        data.update(fields)
        headers = {"Origin": WORLD["base_url"], "Sec-Fetch-Site": "same-origin"}
        url = urljoin(self.url, html.unescape(target))
        self._arrive(await self.client.post(url, data=data, headers=headers, follow_redirects=True))

    async def sign_in(self, person):
        await self.open(WORLD["base_url"] + "/sign-in")
        await self.submit("/sign-in", username=person.username, password=person.password)
        shown = re.search(r'<code id="secret"[^>]*>(.*?)</code>', self.html, re.DOTALL)[1]
        secret = re.sub(r"<[^>]*>", "", shown).replace(" ", "")
        await self.submit("/sign-in/enrol", code=totp(secret))

    async def decide(self, url, decision):
        """Answers the consent screen, and returns what the browser would have brought to the client."""
        await self.open(url)
        await self.submit("/o/authorize", decision=decision)
        target = html.unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', self.html)[1])
        assert target.startswith(REDIRECT + "?"), target
        return {name: value for name, (value,) in parse_qs(urlsplit(target).query).items()}

    async def sign_out(self):
        await self.open(WORLD["base_url"] + "/account")
        await self.submit("/sign-out")


class Memory:
    """What the SDKs call a token storage."""

    tokens = client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client
