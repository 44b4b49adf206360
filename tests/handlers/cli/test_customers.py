"""baton customers: an import is previewed, all or nothing and idempotent; an export round-trips."""

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
def import_csv(
    slack: Sandbox, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Import:
    """Return a function that imports a file with this text."""
    for name, value in environment(slack, database_url, mode="socket").items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "customers.csv"

    async def run(text: str | bytes, *options: str) -> Result:
        content = text if isinstance(text, bytes) else text.encode()
        await asyncio.to_thread(file.write_bytes, content)
        arguments = ["customers", "import", str(file), *options]
        # In a thread: the event loop has to keep answering Slack calls meanwhile.
        return await asyncio.to_thread(CliRunner().invoke, main, arguments)

    return run


def read_customers(url: str) -> dict[str, Customer]:
    with connect(url) as store:
        names = ["acme", "beta", "gamma"]
        return asyncio.run(store.of(WORKSPACE).read(lambda tx: tx.customers.known(names)))


async def stored(url: str) -> dict[str, Customer]:
    return await asyncio.to_thread(read_customers, url)


async def test_a_repeated_import_saves_only_changes_and_lists_them(
    import_csv: Import, database_url: str
) -> None:
    answer = await import_csv(GOOD)
    assert answer.exit_code == 0, answer.output
    assert "new: Acme\nnew: Beta\n2 new, 0 changed, 0 unchanged\nSaved." in answer.output
    assert "0 new, 0 changed, 2 unchanged" in (await import_csv(GOOD)).output
    answer = await import_csv(GOOD.replace("enterprise;2026-04-01", "pro;"))
    assert "changed: Acme: tier enterprise → pro, renewal date 2026-04-01 → none" in answer.output
    assert (await stored(database_url))["acme"].tier == "pro"


async def test_a_missing_column_leaves_its_values_unchanged(
    import_csv: Import, database_url: str
) -> None:
    await import_csv(GOOD)
    answer = await import_csv("name,notes,Fax\nACME,Loud,1\n")
    assert "ignored columns: Fax" in answer.output
    acme = (await stored(database_url))["acme"]
    assert (acme.name, acme.tier, acme.notes) == ("ACME", "enterprise", "Loud")


async def test_a_dry_run_saves_nothing(import_csv: Import, database_url: str) -> None:
    answer = await import_csv(GOOD, "--dry-run")
    assert "2 new" in answer.output
    assert await stored(database_url) == {}


async def test_an_export_can_be_imported_without_changes(
    import_csv: Import, database_url: str, tmp_path: Path
) -> None:
    first = 'customer,contacts,notes,crm link\n"=Acme, ""the"" Inc",+49 30 1,"Two\nlines",\n'
    await import_csv(first + "".join(f"Customer {n},,,\n" for n in range(1_200)))
    file = tmp_path / "out.csv"
    arguments = ["customers", "export", str(file)]
    answer = await asyncio.to_thread(CliRunner().invoke, main, arguments)
    assert answer.output == f"Exported 1,201 customers to {file}.\n"
    text = await asyncio.to_thread(file.read_text, "utf-8-sig")
    assert text.startswith("customer,tier,value,renewal date,contacts,preferences,notes,crm link")
    assert "\"'=Acme" in text
    assert "0 new, 0 changed, 1,201 unchanged" in (await import_csv(text)).output
    assert await asyncio.to_thread(audited_steps, database_url) == ["export"]


def audited_steps(url: str) -> list[str]:
    with connect(url) as store:
        links = asyncio.run(store.of(WORKSPACE).read(lambda tx: tx.audit.after(0)))
    return [link.entry.step for link in links]


async def test_an_export_to_a_missing_folder_fails_with_the_reason(
    import_csv: Import, tmp_path: Path
) -> None:
    await import_csv(GOOD)
    arguments = ["customers", "export", str(tmp_path / "none" / "out.csv")]
    answer = await asyncio.to_thread(CliRunner().invoke, main, arguments)
    assert (answer.exit_code, "No such file or directory" in answer.output) == (2, True)


async def test_one_bad_line_rejects_the_whole_list(import_csv: Import, database_url: str) -> None:
    answer = await import_csv(BAD)
    assert answer.exit_code == 2
    assert "line 4: renewal date: “soon” is not a date; write it like 2026-03-14" in answer.output
    assert "--skip-bad" in answer.output
    assert await stored(database_url) == {}


async def test_skip_bad_imports_the_valid_lines(import_csv: Import, database_url: str) -> None:
    assert (await import_csv(BAD, "--skip-bad")).exit_code == 0
    assert {*await stored(database_url)} == {"acme", "beta"}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "must name the columns"),
        ("Customer\nMüller\n".encode("latin-1"), "is not UTF-8 text. Save it as “CSV UTF-8”"),
        ("Fax\n1\n", "including customer"),
    ],
)
async def test_a_file_that_is_not_a_customer_list_is_rejected_with_a_hint(
    import_csv: Import, text: str | bytes, hint: str
) -> None:
    answer = await import_csv(text)
    assert answer.exit_code == 2
    assert hint in answer.output


async def test_a_long_list_is_saved_in_full_but_previewed_in_part(
    import_csv: Import, database_url: str
) -> None:
    many = "".join(f"Customer {n};pro;\n" for n in range(20_000))
    answer = await import_csv("Customer;Tier;Renewal\n" + many)
    assert "and 19,950 more\n20,000 new" in answer.output
    assert "20,000 unchanged" in (await import_csv("Customer;Tier;Renewal\n" + many)).output
