"""baton keys: root keys are shown by fingerprint, and rotated without losing the old ones."""

import asyncio
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot.audit import Link
from bot.keys import RootKey, RootKeys, read_root_keys
from bot.settings import BadSettings, Settings
from handlers.cli.doctor.command import find_problems
from handlers.cli.main import main
from handlers.process import Part, running
from storage.database.key_file import open_keys, rotate_keys
from tests.world import ROOT_KEYS, SUPPORT, WORKSPACE, World, a_world, second_process, settings_for


async def baton(url: str, *args: str, keys: str = "") -> tuple[int, str, str]:
    env = {"DATABASE_URL": url, "BATON_KEYS": keys}
    result = await asyncio.to_thread(CliRunner().invoke, main, args, env=env)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def key_file(sqlite_url: str) -> Path:
    """The key file that Baton makes next to the SQLite file."""
    return Path(f"{sqlite_url.removeprefix('sqlite:///')}.keys")


def keys_in(file: Path) -> tuple[RootKey, ...]:
    return read_root_keys(file.read_text(encoding="ascii")).keys


def content_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def is_private(file: Path) -> bool:
    return stat.S_IMODE(file.stat().st_mode) == 0o600


def left_over(file: Path) -> list[str]:
    """Return the names of temporary files next to a key file."""
    return [it.name for it in file.parent.glob(f"{file.name}?*")]


def change(file: Path, *, content: str | None = None, mode: int | None = None) -> None:
    """Write the file, change its mode, or remove it."""
    if content is not None:
        file.write_text(content, encoding="utf-8")
    elif mode is not None:
        file.chmod(mode)
    else:
        file.unlink()


async def links_of(world: World) -> list[Link]:
    return await world.store.of(WORKSPACE).read(lambda tx: tx.audit.after(0))


async def test_the_first_start_makes_a_private_key_file_and_later_ones_keep_it(
    sqlite_url: str, key_file: Path
) -> None:
    async with a_world(sqlite_url, mode="socket") as world:
        [key] = made = keys_in(key_file)
        assert is_private(key_file)
        assert {link.key for link in await links_of(world)} == {key.id}
        async with second_process(world, sqlite_url):
            assert keys_in(key_file) == made
    assert left_over(key_file) == []


async def test_a_rotation_keeps_the_old_key_and_is_recorded(
    sqlite_url: str, key_file: Path
) -> None:
    async with a_world(sqlite_url, mode="socket") as world:
        await world.escalates(world.ana)
        [old] = keys_in(key_file)
        code, said, _ = await baton(sqlite_url, "keys", "rotate")
        new, *rest = keys_in(key_file)
        assert (code, rest) == (0, [old])
        assert f"has the new key {new.id}. Restart Baton" in said
        assert is_private(key_file)
        last = (await links_of(world))[-1]
        assert (last.entry.step, last.key) == ("rotate_keys", new.id)
        await world.maya.presses("Claim", on=world.card)  # a button from before the rotation
        async with second_process(world, sqlite_url):
            pass
        assert (await links_of(world))[-1].entry.step == "use_key"
        assert (await world.case()).owner == "U0MAYA"
    assert (await baton(sqlite_url, "audit", "verify"))[0] == 0


async def test_keys_are_shown_by_their_fingerprints_only(sqlite_url: str, key_file: Path) -> None:
    assert "There are no root keys yet" in (await baton(sqlite_url, "keys"))[1]
    for _ in range(2):
        await baton(sqlite_url, "keys", "rotate")
    new, old = keys_in(key_file)
    for command in (["keys"], ["keys", "show"]):
        code, said, _ = await baton(sqlite_url, *command)
        assert (code, said.splitlines()[:2]) == (0, [f"{new.id} (seals)", old.id])
        assert str(key_file) in said
        assert all(part not in said for part in RootKeys((new, old)).written().split(","))


async def test_without_a_file_a_rotation_prints_the_new_value_and_what_to_do(
    postgres_url: str,
) -> None:
    code, said, explained = await baton(postgres_url, "keys", "rotate", keys=ROOT_KEYS)
    new, *rest = read_root_keys(said).keys
    assert (code, rest) == (0, list(read_root_keys(ROOT_KEYS).keys))
    assert "Set BATON_KEYS to the value below for every process" in explained
    async with a_world(postgres_url, mode="socket") as world:
        settings = settings_for(world.slack, postgres_url, mode="socket")
        rotated = settings.model_copy(update={"baton_keys": SecretStr(said)})
        async with running(rotated, Part.WEB, world.clock, ticking=False):
            last = (await links_of(world))[-1]
            assert (last.entry.step, last.key) == ("use_key", new.id)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("c2hvcnQ", "key 1 has 5 bytes; it needs at least 32"),
        (f"{ROOT_KEYS},not*base64", "key 2 is not base64url"),
        (f"{ROOT_KEYS},{ROOT_KEYS}", "the same key is in it twice"),
        (",", "there is no key in it"),
    ],
)
async def test_a_malformed_value_is_refused_without_repeating_it(
    postgres_url: str, value: str, problem: str
) -> None:
    for command in (("keys",), ("keys", "rotate"), ("audit", "verify")):
        code, _, said = await baton(postgres_url, *command, keys=value)
        assert (code, f"BATON_KEYS has no usable keys: {problem}" in said) == (2, True), said
        assert all(part not in said for part in value.split(",") if part)


async def test_an_unreadable_key_file_is_refused_and_never_overwritten(
    sqlite_url: str, key_file: Path
) -> None:
    for content in ("", "nonsense", "\N{SNOWMAN}"):
        change(key_file, content=content)
        for command in (("keys",), ("keys", "rotate"), ("audit", "verify")):
            code, _, said = await baton(sqlite_url, *command)
            assert (code, f"{key_file} has no usable keys" in said) == (2, True), said
        assert content_of(key_file) == content


async def problems(settings: Settings) -> list[str]:
    return [problem async for problem in find_problems(settings)]


async def test_doctor_reports_a_readable_key_file(sqlite_url: str, key_file: Path) -> None:
    async with a_world(sqlite_url, mode="socket") as world:
        change(key_file, mode=0o640)
        [problem] = await problems(settings_for(world.slack, sqlite_url, mode="socket"))
        assert f"can read the root keys in {key_file}. Run: chmod 600" in problem


async def test_doctor_reports_a_trail_without_a_key(postgres_url: str) -> None:
    async with a_world(postgres_url, mode="socket") as world:
        settings = settings_for(world.slack, postgres_url, mode="socket")
        without = settings.model_copy(update={"baton_keys": None})
        unkeyed, missing = await problems(without)
        assert unkeyed.startswith("The audit trail is not sealed with a key")
        assert "Run: baton keys rotate" in unkeyed
        assert "is missing here. Give every process the same keys" in missing


async def test_a_lost_key_file_is_reported_at_the_next_start_and_by_doctor(
    sqlite_url: str, key_file: Path, log: pytest.LogCaptureFixture
) -> None:
    async with a_world(sqlite_url, mode="socket") as world:
        await world.escalates(world.ana)
        [lost] = keys_in(key_file)
        change(key_file)
        async with second_process(world, sqlite_url):
            assert f"sealed with keys that this process lacks: ['{lost.id}']" in log.text
        found = await problems(settings_for(world.slack, sqlite_url, mode="socket"))
        [problem] = [it for it in found if "key" in it]
        assert f"The key {lost.id}, which sealed entries of the audit trail" in problem
        await world.maya.types("/baton claim 1", channel=SUPPORT)
        assert (await world.case()).owner == "U0MAYA"  # the work goes on


async def test_on_postgresql_a_key_file_is_made_by_a_rotation_only(
    postgres_url: str, tmp_path: Path
) -> None:
    """Several hosts may start at once: each would make a key of its own."""
    file = tmp_path / "shared.keys"
    env = {"DATABASE_URL": postgres_url, "BATON_KEYS": "", "BATON_KEYS_FILE": str(file)}
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    show = await asyncio.to_thread(CliRunner().invoke, main, ["config", "show"], env=env | tokens)
    assert show.exit_code == 2
    assert "of BATON_KEYS_FILE does not exist. Make it with: baton keys rotate" in show.stderr
    rotate = await asyncio.to_thread(CliRunner().invoke, main, ["keys", "rotate"], env=env)
    assert rotate.exit_code == 0
    assert len(keys_in(file)) == 1


async def test_no_key_is_lost_when_several_processes_add_one(
    sqlite_url: str, key_file: Path
) -> None:
    settings = Settings(database_url=sqlite_url)
    opening = [asyncio.to_thread(open_keys, settings) for _ in range(4)]
    [made] = {found.keys for found in await asyncio.gather(*opening)}
    rotating = [asyncio.to_thread(rotate_keys, settings) for _ in range(4)]
    rotated = {found.keys[0] for found in await asyncio.gather(*rotating)}
    assert set(keys_in(key_file)) == {*made, *rotated}
    assert len(rotated) == 4
    assert left_over(key_file) == []


async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, sqlite_url: str) -> None:
    nowhere = tmp_path / "nowhere" / "baton.keys"
    with pytest.raises(BadSettings, match=r"nowhere/baton\.keys cannot be used: No such"):
        open_keys(Settings(database_url=sqlite_url, baton_keys_file=nowhere))
