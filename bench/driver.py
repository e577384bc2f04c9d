"""People at their telephones: kept-alive connections that post and wait, in one asyncio loop.

Sockets and not a library: the driver shares the machine with what it measures.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

CSRF = "b" * 32


@dataclass(frozen=True)
class Request:
    session: str
    method: str
    path: str


@dataclass(frozen=True)
class Answer:
    request: Request
    status: int
    milliseconds: float


@dataclass
class Drive:
    """What came back."""

    seconds: float = 0
    answers: list[Answer] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    def at_most(self, share: float) -> float:
        """What so many answers in a hundred needed at most; in milliseconds."""
        ordered = sorted(answer.milliseconds for answer in self.answers)
        return ordered[min(int(len(ordered) * share / 100), len(ordered) - 1)]


def drive(
    port: int, journeys: Iterable[Sequence[Request]], *, people: int, thinking: float = 0
) -> Drive:
    """`people` at once, each taking the next journey, `thinking` seconds before each step."""
    return asyncio.run(_drive(port, iter(journeys), people, thinking))


async def _drive(
    port: int, journeys: Iterator[Sequence[Request]], people: int, thinking: float
) -> Drive:
    done = Drive()
    started = time.perf_counter()
    walks = [_walk(port, journeys, done, thinking * n / people, thinking) for n in range(people)]
    await asyncio.gather(*walks)
    done.seconds = time.perf_counter() - started
    return done


async def _walk(
    port: int, journeys: Iterator[Sequence[Request]], done: Drive, late: float, thinking: float
) -> None:
    await asyncio.sleep(late)  # nobody's finger is on the same beat
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for journey in journeys:
        for request in journey:
            if thinking:
                await asyncio.sleep(thinking)
            started = time.perf_counter()
            writer.write(_as_bytes(request, port))
            status = await _answer(reader)
            taken = 1000 * (time.perf_counter() - started)
            done.answers.append(Answer(request, status, taken))
    writer.close()


def _as_bytes(request: Request, port: int) -> bytes:
    body = f"csrfmiddlewaretoken={CSRF}" if request.method == "POST" else ""
    return (
        f"{request.method} {request.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: sessionid={request.session}; csrftoken={CSRF}\r\nAccept-Encoding: gzip\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


async def _answer(reader: asyncio.StreamReader) -> int:
    """The status; the body is read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif b"content-length:" in head:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
    return status
