"""A client of the Plan-Lint validation service. Standard library only; what cannot be asked is an error, never a pass.

    client = PlanLintClient("http://127.0.0.1:8000", token)
    decision = client.validate({"steps": [{"id": "a", "tool": "db.query", "args": {"sql": "SELECT 1"}}]})
    if not decision["is_valid"]:
        refuse(decision["violations"])
"""

import json
import urllib.error
import urllib.parse
import urllib.request


class ServiceRefusal(Exception):
    """A refusal of the service, with its status and code."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.code = code


class PlanLintClient:
    def __init__(self, url, token, timeout=10):
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout

    def validate(self, plan, policy=None, values=None):
        """Decides a plan before anything of it runs."""
        return self._post("/validate", plan, policy=policy, values=values)

    def open_session(self, policy=None):
        return self._post("/sessions", {}, policy=policy)

    def open_run(self, plan, policy=None):
        return self._post("/runs", {"plan": plan}, policy=policy)

    def call(self, session, tool, args, **more):
        return self._post(f"/sessions/{session}/calls", {"tool": tool, "args": args, **more})

    def result(self, session, call, outcome, **more):
        return self._post(f"/sessions/{session}/results", {"id": call, "outcome": outcome, **more})

    def approve(self, session, ticket):
        return self._post(f"/sessions/{session}/approvals", {"ticket": ticket})

    def _post(self, path, body, **query):
        asked = {name: value for name, value in query.items() if value is not None}
        url = self._url + path + ("?" + urllib.parse.urlencode(asked) if asked else "")
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            answer = json.load(error)
            raise ServiceRefusal(error.code, answer.get("code", str(error.code)), answer.get("error", "")) from None
