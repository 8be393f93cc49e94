"""What one user of the load test does; run by locust, started by ``load``."""

from __future__ import annotations

import os
import random
from itertools import cycle
from pathlib import Path

from locust import FastHttpUser, between, task
from locust.env import Environment

QUESTIONS = [
    line
    for line in (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
    if line
]


HOSTS = cycle(os.environ["LOAD_HOSTS"].split())


class Reader(FastHttpUser):
    """Asks, streams, searches and looks through the documents, with a second between."""

    def __init__(self, environment: Environment) -> None:
        """Take the next of the servers."""
        self.host = next(HOSTS)
        super().__init__(environment)

    wait_time = between(1.0, 2.0)

    @task(5)
    def ask(self) -> None:
        """Ask and wait for the whole answer."""
        body = {"question": random.choice(QUESTIONS)}
        with self.client.post("/api/ask", json=body, catch_response=True) as response:
            if response.status_code != 200 or not response.json()["text"]:
                response.failure(f"status {response.status_code}")

    @task(3)
    def stream(self) -> None:
        """Ask and read the stream to its end."""
        body = {"question": random.choice(QUESTIONS)}
        with self.client.post("/api/ask/stream", json=body, catch_response=True) as response:
            if response.status_code != 200 or "event: answer" not in response.text:
                response.failure(f"status {response.status_code}, or no answer at the end")

    @task(2)
    def search(self) -> None:
        """Search for a question's words."""
        query = {"query": random.choice(QUESTIONS)}
        self.client.get("/api/search", params=query, name="/api/search")

    @task(1)
    def documents(self) -> None:
        """List the documents."""
        self.client.get("/api/documents")
