"""baton customers import: shown before it is kept, all or nothing, and twice is once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.customers.customer import Customer
from handlers.cli.main import main
from handlers.sandbox import Sandbox
from storage import connect
from tests.handlers.test_process import a_slack, environment
from tests.world import WORKSPACE

GOOD = "\ufeffCustomer;Tier;Renewal date\r\nAcme;enterprise;2026-04-01\r\nBeta;;\r\n"
BAD = GOOD + "Gamma;pro;soon\r\n"

Import = Callable[..., Awaitable[Result]]


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with a_slack() as slack:
        yield slack


@pytest.fixture
def bring(
    slack: Sandbox, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Import:
    """Run the command on a file with this text, while Slack goes on answering."""
    for name, value in environment(slack, database_url, mode="socket").items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "customers.csv"

    async def run(text: str | bytes, *options: str) -> Result:
        written = text if isinstance(text, bytes) else text.encode()
        await asyncio.to_thread(file.write_bytes, written)
        words = ["customers", "import", str(file), *options]
        return await asyncio.to_thread(CliRunner().invoke, main, words)

    return run


def known(url: str) -> dict[str, Customer]:
    with connect(url) as store:
        names = ["acme", "beta", "gamma"]
        return asyncio.run(store.of(WORKSPACE).read(lambda tx: tx.customers.known(names)))


async def kept(url: str) -> dict[str, Customer]:
    return await asyncio.to_thread(known, url)


async def test_a_list_is_kept_once_and_its_changes_are_told(
    bring: Import, database_url: str
) -> None:
    answer = await bring(GOOD)
    assert answer.exit_code == 0, answer.output
    assert "new: Acme\nnew: Beta\n2 new, 0 changed, 0 unchanged\nKept." in answer.output
    assert "0 new, 0 changed, 2 unchanged" in (await bring(GOOD)).output
    answer = await bring(GOOD.replace("enterprise;2026-04-01", "pro;"))
    assert "changed: Acme: tier enterprise → pro, renewal date 2026-04-01 → none" in answer.output
    assert (await kept(database_url))["acme"].tier == "pro"


async def test_a_column_that_is_left_out_leaves_its_facts_as_they_are(
    bring: Import, database_url: str
) -> None:
    await bring(GOOD)
    answer = await bring("name,notes,Fax\nACME,Loud,1\n")
    assert "left out, for Baton knows no such columns: Fax" in answer.output
    acme = (await kept(database_url))["acme"]
    assert (acme.name, acme.tier, acme.notes) == ("ACME", "enterprise", "Loud")


async def test_a_dry_run_keeps_nothing(bring: Import, database_url: str) -> None:
    answer = await bring(GOOD, "--dry-run")
    assert "2 new" in answer.output
    assert await kept(database_url) == {}


async def test_what_is_exported_comes_in_again_as_it_was(
    bring: Import, database_url: str, tmp_path: Path
) -> None:
    told = 'customer,contacts,notes,crm link\n"=Acme, ""the"" Inc",+49 30 1,"Two\nlines",\n'
    await bring(told + "".join(f"Customer {n},,,\n" for n in range(1_200)))
    file = tmp_path / "out.csv"
    words = ["customers", "export", str(file)]
    answer = await asyncio.to_thread(CliRunner().invoke, main, words)
    assert answer.output == f"{file} has 1,201 customers.\n"
    text = await asyncio.to_thread(file.read_text, "utf-8-sig")
    assert text.startswith("customer,tier,value,renewal date,contacts,preferences,notes,crm link")
    assert "\"'=Acme" in text
    assert "0 new, 0 changed, 1,201 unchanged" in (await bring(text)).output
    assert await asyncio.to_thread(known_steps, database_url) == ["export"]


def known_steps(url: str) -> list[str]:
    with connect(url) as store:
        links = asyncio.run(store.of(WORKSPACE).read(lambda tx: tx.audit.after(0)))
    return [link.entry.step for link in links]


async def test_an_export_that_cannot_be_written_says_so(bring: Import, tmp_path: Path) -> None:
    await bring(GOOD)
    words = ["customers", "export", str(tmp_path / "none" / "out.csv")]
    answer = await asyncio.to_thread(CliRunner().invoke, main, words)
    assert (answer.exit_code, "No such file or directory" in answer.output) == (2, True)


async def test_one_bad_line_keeps_the_whole_list_out(bring: Import, database_url: str) -> None:
    answer = await bring(BAD)
    assert answer.exit_code == 2
    assert "line 4: renewal date: “soon” is not a date; write it like 2026-03-14" in answer.output
    assert "--skip-bad" in answer.output
    assert await kept(database_url) == {}


async def test_the_good_lines_are_kept_if_somebody_says_so(
    bring: Import, database_url: str
) -> None:
    assert (await bring(BAD, "--skip-bad")).exit_code == 0
    assert {*await kept(database_url)} == {"acme", "beta"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "must name the columns"),
        ("Customer\nMüller\n".encode("latin-1"), "is not UTF-8 text; save it as “CSV UTF-8”"),
        ("Fax\n1\n", "including customer"),
    ],
)
async def test_what_is_no_list_is_refused_with_the_cure(
    bring: Import, text: str | bytes, told: str
) -> None:
    answer = await bring(text)
    assert answer.exit_code == 2
    assert told in answer.output


async def test_a_long_list_shows_the_first_of_its_changes_and_keeps_all(
    bring: Import, database_url: str
) -> None:
    many = "".join(f"Customer {n};pro;\n" for n in range(20_000))
    answer = await bring("Customer;Tier;Renewal\n" + many)
    assert "and 19,950 more\n20,000 new" in answer.output
    assert "20,000 unchanged" in (await bring("Customer;Tier;Renewal\n" + many)).output
