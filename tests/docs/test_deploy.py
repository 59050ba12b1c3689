"""The files in `deploy/` name images, commands, settings, ports and probes that exist, and give away no rights.

Nothing is built here. The manifests were held against the schemas of Kubernetes 1.30 and of Compose when they were
written; what can break when the code changes is what these tests hold.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from eval.cli.program import app as eval_app
from service.api.app import create_app
from service.api.server import GRACE_SECONDS
from service.cli.program import app
from service.settings import Settings
from service.wiring import Wiring

PATHS = set(create_app(Wiring(Settings())).openapi()["paths"])
DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
REPO = DEPLOY.parent
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
CLUSTER = [
    one
    for name in ("aether.yaml", "nightly-cronjob.yaml")
    for one in yaml.safe_load_all((DEPLOY / "kubernetes" / name).read_text("utf-8"))
]
PODS = [
    one["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    if one["kind"] == "CronJob"
    else one["spec"]["template"]["spec"]
    for one in CLUSTER
    if one["kind"] in ("Deployment", "CronJob")
]
CONTAINERS = [container for pod in PODS for container in (*pod.get("initContainers", ()), *pod["containers"])]
(SERVING,) = [container for container in CONTAINERS if container["command"][:2] == ["aether", "serve"]]


def is_a_command(words: list[str]) -> None:
    """Raises where there is no such command, or it has no such option."""
    commands = get_command({"aether": app, "aether-eval": eval_app}[words[0]]).commands  # type: ignore[attr-defined]
    options = {option for parameter in commands[words[1]].params for option in parameter.opts}
    assert {word for word in words[2:] if word.startswith("--")} <= options


def is_a_setting(name: str) -> None:
    assert name.removeprefix("AETHER_").lower() in Settings.model_fields, name


def steps() -> Iterator[tuple[str, str]]:
    """The instructions of the Dockerfile."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    for line in filter(None, joined.splitlines()):
        name, _, rest = line.partition(" ")
        yield name, rest.strip()


def test_the_image_runs_what_exists_as_nobody_in_particular() -> None:
    last, names = dict(steps()), [name for name, _ in steps()]
    assert names[0] == "FROM"
    assert names.index("USER") < names.index("ENTRYPOINT")
    user, group = last["USER"].split(":")
    assert int(user) > 0 < int(group)
    is_a_command([*yaml.safe_load(last["ENTRYPOINT"]), *yaml.safe_load(last["CMD"])])
    for name in re.findall(r"AETHER_\w+", last["ENV"]):
        is_a_setting(name)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for _, rest in [step for step in steps() if step[0] == "COPY" and not step[1].startswith("--from")]:
        for source in rest.split()[:-1]:
            assert (REPO / source).exists()
            assert f"!{source.removeprefix('./')}" in ignored
    assert last["EXPOSE"] in yaml.safe_load(last["CMD"])
    assert re.findall(r"127\.0\.0\.1:\d+(/\w+)", last["HEALTHCHECK"])[0] in PATHS


def test_what_the_image_copies_is_what_the_package_is_made_of() -> None:
    import tomllib

    project = tomllib.loads((REPO / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = {rest.split()[0] for name, rest in steps() if name == "COPY"}
    assert set(packages) <= copied


@pytest.mark.parametrize(
    "name", [name for name, one in COMPOSE["services"].items() if one["image"].startswith("aether")]
)
def test_compose_starts_what_exists_confined(name: str) -> None:
    service = COMPOSE["services"][name]
    is_a_command(["aether", *service["command"]])
    for setting in service["environment"]:
        is_a_setting(setting)
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["tmpfs"] == ["/tmp"]
    assert {one.split(":")[0] for one in service["volumes"] if not one.startswith("$")} <= set(COMPOSE["volumes"])
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(service["depends_on"]) <= set(COMPOSE["services"])


def test_compose_reaches_the_qdrant_server_of_the_client_that_is_installed() -> None:
    image = COMPOSE["services"]["qdrant"]["image"]
    assert image.split(":v")[1].split(".")[:2] == version("qdrant-client").split(".")[:2]
    assert COMPOSE["services"]["aether"]["environment"]["AETHER_INDEX"] == "http://qdrant:6333"
    assert "ports" not in COMPOSE["services"]["qdrant"]
    assert COMPOSE["networks"]["inside"]["internal"]
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"]["aether"]["ports"])
    assert int(COMPOSE["services"]["aether"]["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS


@pytest.mark.parametrize("pod", PODS)
def test_pods_mount_what_is_there_and_have_no_rights(pod: dict[str, Any]) -> None:
    volumes = {volume["name"] for volume in pod["volumes"]}
    security = pod["securityContext"]
    assert security["runAsNonRoot"]
    assert f"{security['runAsUser']}:{security['runAsGroup']}" == dict(steps())["USER"]
    assert not pod["automountServiceAccountToken"]
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
        assert "/tmp" in {mount["mountPath"] for mount in container["volumeMounts"]}
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert not container["securityContext"]["allowPrivilegeEscalation"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} <= set(container["resources"])


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda one: one["name"])
def test_pods_start_commands_that_exist(container: dict[str, Any]) -> None:
    command = container["command"]
    if command[:2] == ["sh", "-c"]:
        command = shlex.split(command[2].partition("||")[0])
    is_a_command(command)


def test_the_cluster_asks_for_readiness_where_it_is_told_and_lets_streams_end() -> None:
    probes = {name: SERVING[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {probe["path"] for probe in probes.values()} == {"/livez", "/readyz"} <= PATHS
    assert probes["livenessProbe"]["path"] == "/livez"
    (port,) = SERVING["ports"]
    assert {probe["port"] for probe in probes.values()} == {port["name"]}
    assert SERVING["command"][-1] == str(port["containerPort"])
    (deployment,) = [one for one in CLUSTER if one["kind"] == "Deployment"]
    assert (deployment["spec"]["replicas"], deployment["spec"]["strategy"]["type"]) == (1, "Recreate")
    assert deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > GRACE_SECONDS
    for setting in next(one for one in CLUSTER if one["kind"] == "ConfigMap")["data"]:
        is_a_setting(setting)
    for variable in SERVING["env"]:
        is_a_setting(variable["name"])
        assert "secretKeyRef" in variable["valueFrom"]


def test_claims_that_are_mounted_are_made_or_asked_for() -> None:
    text = (DEPLOY / "kubernetes" / "aether.yaml").read_text("utf-8")
    made = {one["metadata"]["name"] for one in CLUSTER if one["kind"] == "PersistentVolumeClaim"}
    used = {
        volume["persistentVolumeClaim"]["claimName"]
        for pod in PODS
        for volume in pod["volumes"]
        if "persistentVolumeClaim" in volume
    }
    assert used - made == {"aether-documents"}
    assert 'a claim "aether-documents"' in text
