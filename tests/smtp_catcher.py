"""A real SMTP server on a free port, that keeps what it is given and can refuse."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Conversation(socketserver.StreamRequestHandler):
    """One client, the commands that smtplib speaks (RFC 5321)."""

    server: "Catcher"

    def handle(self) -> None:
        self.server.is_spoken_to = True
        if self.server.is_mute:
            self.rfile.readline()  # until the client has enough of it
            return
        self.say(220, "catcher")
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                self.say(221, "bye")
                return
            self.answer(verb.upper(), rest)

    def answer(self, verb: str, rest: str) -> None:
        if verb == "RCPT" and self.server.refusals:
            self.server.refusals -= 1
            self.say(450, "4.2.1 try later")
        elif verb == "DATA":
            self.say(354, "go on")
            self.server.caught.append(self.read_mail())
            if self.server.never_says_yes:
                self.rfile.readline()  # until the client is gone
                return
            self.say(250, "kept")
        else:
            self.say(250, "ok")

    def read_mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)

    def say(self, code: int, text: str) -> None:
        self.wfile.write(f"{code} {text}\r\n".encode())


class Catcher(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.caught: list[EmailMessage] = []
        self.refusals = 0  # how many recipients are still to be refused
        self.is_mute = self.is_spoken_to = False
        self.never_says_yes = False  # takes the mail, and lets the client wait for the answer

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@contextmanager
def catching() -> Iterator[Catcher]:
    with Catcher() as catcher:
        thread = threading.Thread(target=catcher.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield catcher
        catcher.shutdown()
        thread.join()
