"""The files for containers name commands, files, ports and settings that are there.

No container runs here: what can be known without one is held against the program.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatbot.cli.app import app
from chatbot.server.access.people import OPEN_PATHS
from chatbot.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
CONTAINERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text(encoding="utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
START = (ROOT / "deploy" / "start").read_text(encoding="utf-8")
APPS = [name for name, service in COMPOSE["services"].items() if "build" in service]
PORT = str(Settings(data_dir=Path("unused")).port)


def copied() -> list[str]:
    lines = re.findall(r"^COPY (?:--\S+ )*(.+)$", CONTAINERFILE, re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def is_setting(variable: str) -> bool:
    return variable.removeprefix("CHATBOT_").lower() in Settings.model_fields


@pytest.mark.parametrize("source", copied())
def test_what_the_image_copies_is_there_and_reaches_the_build(source: str) -> None:
    assert (ROOT / source).exists()
    assert f"!{source}" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_the_image_names_commands_ports_and_settings_that_exist() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    assert 'CMD ["chatbot", "serve"]' in CONTAINERFILE
    assert "serve" in commands
    assert re.findall(r"^EXPOSE (.+)$", CONTAINERFILE, re.MULTILINE) == [PORT]
    [(port, path)] = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", CONTAINERFILE)
    assert port == PORT
    assert path in OPEN_PATHS
    variables = re.findall(r"\b(CHATBOT_\w+)=", CONTAINERFILE)
    assert variables
    assert all(map(is_setting, variables))


def test_the_services_name_only_what_is_there() -> None:
    secrets = set(re.findall(r"^for name in (.+);", START, re.MULTILINE)[0].lower().split())
    assert len(APPS) == 2
    for name, service in COMPOSE["services"].items():
        assert set(service.get("networks", [])) <= COMPOSE["networks"].keys()
        assert set(service.get("depends_on", [])) <= COMPOSE["services"].keys()
        assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys()
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file(), source
        if name in APPS:
            assert (ROOT / service["build"]["dockerfile"]).is_file()
            assert all(map(is_setting, service["environment"]))
            assert set(service["secrets"]) <= secrets


def test_only_the_proxy_is_reached_from_elsewhere_and_it_leads_to_the_apps() -> None:
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert services["chroma"]["networks"] == services["postgres"]["networks"] == ["inside"]
    assert re.findall(r"server (\S+);", NGINX) == [f"{name}:{PORT}" for name in APPS]
    [listens] = re.findall(r"listen (\d+);", NGINX)
    assert services["proxy"]["ports"] == [f"127.0.0.1:8080:{listens}"]
    assert "proxy_buffering off;" in NGINX


def test_the_chroma_server_has_the_version_of_its_client() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    [version] = re.findall(r"^chromadb==(\S+)", lock, re.MULTILINE)
    assert COMPOSE["services"]["chroma"]["image"] == f"chromadb/chroma:{version}"


SAY = [sys.executable, "-c", "import os; print(os.environ['CHATBOT_DATABASE_URL'])"]


def start(secrets: Path) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "deploy" / "start"), *SAY]
    environment = os.environ | {"SECRETS_DIR": str(secrets)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_a_secret_in_a_file_becomes_a_setting(tmp_path: Path) -> None:
    (tmp_path / "database_url").write_text("postgresql://one", encoding="utf-8")
    assert start(tmp_path).stdout == "postgresql://one\n"


def test_a_secret_that_cannot_be_read_ends_the_start(tmp_path: Path) -> None:
    (tmp_path / "database_url").mkdir()
    ended = start(tmp_path)
    assert ended.returncode != 0
    assert "database_url" in ended.stderr
