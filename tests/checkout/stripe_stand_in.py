"""A stand-in for Stripe on loopback: as much of its HTTP API as the shop uses, with its
words for states, errors and idempotency. The SDK cannot tell the difference."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SECRET, WEBHOOK_SECRET = "sk_test_stand_in", "whsec_stand_in"
OPEN = ("requires_payment_method", "requires_confirmation", "requires_capture")


class Refused(Exception):
    """Stripe's 400 with this code."""


class Stripe:
    """Its books, and the server that answers from them. ``fails`` are the coming
    answers that are not given: a status, or None for a connection cut off."""

    def __init__(self):
        self.sessions, self.intents, self.refunds = {}, {}, {}
        self.answered, self.fails, self.asked = {}, [], []
        handler = type("Handler", (_Handler,), {"stripe": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def pay(self, session_id: str, status: str) -> dict:
        """The shopper fills in the page; the card decides how far it comes."""
        session = self.sessions[session_id]
        intent = session["payment_intent"] or {
            "id": f"pi_{len(self.intents)}",
            "object": "payment_intent",
            "amount": session["amount_total"],
            "amount_received": 0,
            "currency": session["currency"],
            "capture_method": session["capture_method"],
            "metadata": session["metadata"],
            "last_payment_error": None,
        }
        session["payment_intent"] = self.intents[intent["id"]] = intent
        intent["status"] = status
        if status == "requires_payment_method":
            intent["last_payment_error"] = {"code": "card_declined"}
        else:
            session["status"] = "complete"
            session["url"] = None
        if status == "succeeded":
            intent["amount_received"] = intent["amount"]
        return intent

    def post(self, path: list[str], said: dict) -> dict:
        match path:
            case ["checkout", "sessions"]:
                return self._session(said)
            case ["checkout", "sessions", name, "expire"]:
                return self._expire(self.sessions[name])
            case ["payment_intents", name, deed]:
                return self._step(self.intents[name], deed)
            case ["refunds"]:
                return self._refund(self.intents[said["payment_intent"]], said)
        raise KeyError(path)

    def get(self, path: list[str]) -> dict:
        match path:
            case ["checkout", "sessions", name]:
                return self.sessions[name]
            case ["payment_intents", name]:
                return self.intents[name]
        raise KeyError(path)

    def _session(self, said: dict) -> dict:
        name = f"cs_{len(self.sessions)}"
        price = "line_items[0][price_data]"
        self.sessions[name] = {
            "id": name,
            "object": "checkout.session",
            "status": "open",
            "url": f"https://checkout.stripe.com/c/pay/{name}#{'x' * 600}",
            "amount_total": int(said[f"{price}[unit_amount]"]),
            "currency": said[f"{price}[currency]"],
            "capture_method": said["payment_intent_data[capture_method]"],
            "metadata": {"key": said["payment_intent_data[metadata][key]"]},
            "success_url": said["success_url"],
            "payment_intent": None,
        }
        return self.sessions[name]

    def _expire(self, session: dict) -> dict:
        if session["status"] != "open":
            raise Refused("resource_missing")
        session["status"], session["url"] = "expired", None
        if session["payment_intent"]:
            session["payment_intent"]["status"] = "canceled"
        return session

    def _step(self, intent: dict, deed: str) -> dict:
        is_manual = intent["capture_method"] == "manual"
        confirmed = "requires_capture" if is_manual else "succeeded"
        steps = {
            ("confirm", "requires_confirmation"): confirmed,
            ("capture", "requires_capture"): "succeeded",
            **{("cancel", status): "canceled" for status in OPEN},
        }
        if (deed, intent["status"]) not in steps:
            raise Refused("payment_intent_unexpected_state")
        intent["status"] = steps[deed, intent["status"]]
        if intent["status"] == "succeeded":
            intent["amount_received"] = intent["amount"]
        return intent

    def _refund(self, intent: dict, said: dict) -> dict:
        before = self.refunds.setdefault(intent["id"], [])
        if sum(before) + int(said["amount"]) > intent["amount_received"]:
            raise Refused("charge_already_refunded")
        before.append(int(said["amount"]))
        return {"id": f"re_{len(before)}", "object": "refund", "status": "succeeded"}


class _Handler(BaseHTTPRequestHandler):
    stripe: Stripe

    def do_GET(self):
        self._answer(lambda path: self.stripe.get(path))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = {name: texts[0] for name, texts in parse_qs(body.decode()).items()}
        self.stripe.asked.append((self.path, said))
        self._answer(lambda path: self.stripe.post(path, said))

    def _answer(self, deed) -> None:
        path = urlsplit(self.path).path.removeprefix("/v1/").split("/")
        key = self.headers.get("Idempotency-Key")
        if self.stripe.fails:
            status = self.stripe.fails.pop()
            if status is None:
                self.connection.close()
            else:
                self._send(status, {"error": {"type": "api_error"}})
        elif self.headers["Authorization"] != f"Bearer {SECRET}":
            self._send(401, {"error": {"type": "invalid_request_error"}})
        elif key in self.stripe.answered:
            self._send(*self.stripe.answered[key])
        else:
            answer = self._done(deed, path)
            if key:
                self.stripe.answered[key] = json.loads(json.dumps(answer))
            self._send(*answer)

    def _done(self, deed, path: list[str]) -> tuple[int, dict]:
        try:
            return 200, deed(path)
        except KeyError:
            return 404, self._error("resource_missing")
        except Refused as refused:
            return 400, self._error(str(refused))

    def _error(self, code: str) -> dict:
        return {"error": {"type": "invalid_request_error", "code": code}}

    def _send(self, status: int, said: dict) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        # Stripe's own word on whether the SDK should try again.
        self.send_header("Stripe-Should-Retry", "false")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words) -> None:
        pass
