"""Import of customer lists: headers, separators, dates and quotes as spreadsheets save them."""

import tracemalloc
from collections.abc import Iterator
from datetime import date

import pytest

from bot.customers.customer_list import CustomerList, NotACustomerList, Row


def read(text: str) -> list[Row | str]:
    lines = text.splitlines(keepends=True)
    return [it if isinstance(it, Row) else "; ".join(map(str, it)) for it in CustomerList(lines)]


@pytest.mark.parametrize(
    "text",
    [
        "Customer,Tier,Renewal date\nAcme,enterprise,2026-04-01\n",
        "customer;TIER;renewal_date\r\nAcme;enterprise;01.04.2026\r\n",
        "Account Name\tPlan\tContract-End\nAcme\tenterprise\t2026-04-01T00:00:00Z",
        '"Renewal Date","Tier","Name"\n2026/4/1,enterprise," Acme "',
    ],
)
def test_separators_and_column_names_are_detected(text: str) -> None:
    [row] = read(text)
    assert isinstance(row, Row)
    assert row.key == "acme"
    assert row.facts == {"name": "Acme", "tier": "enterprise", "renews_on": date(2026, 4, 1)}


def test_quoted_cells_may_contain_separators_line_breaks_and_quotes() -> None:
    [row, problem] = read('customer,contacts\n"Acme, ""the"" Inc","Jo\nEve"\n,x\n')
    assert isinstance(row, Row)
    assert row.facts == {"name": 'Acme, "the" Inc', "contacts": "Jo\nEve"}
    assert problem == "line 4: customer: empty; write the customer's name, or delete the line"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Acme,31.02.2026,", "“2026-02-31” does not exist; write a date like 2026-03-14"),
        ("Acme,03/04/2026,", "“03/04/2026” is not a date; write it like 2026-03-14"),
        ("Acme,soon,", "“soon” is not a date"),
        ("Acme,0000-00-00,", "“0000-00-00” does not exist"),
        ("Acme,2026-04-01,javascript:x", "“javascript:x” is not a web address; write https://…"),
        ("\u200b,,", "empty; write the customer's name"),
        ("x" * 10_000 + ",,", "10,000 characters; the limit is 120"),
        ("Acme,", "2 cells, but the first line has 3"),
        ("Acme,,,", "4 cells"),
        ('"Acme"x,,', "not valid CSV"),
        ('"Acme,,', "not valid CSV"),
        ("x" * 140_000, "not valid CSV"),
    ],
)
def test_a_problem_is_reported_with_its_line_number_and_a_fix(line: str, message: str) -> None:
    first, *_, problem = read(f"customer,renewal,crm link\nBeta,,\n\n{line}\n")
    assert isinstance(first, Row)
    assert str(problem).startswith("line 4: ")
    assert message in str(problem)


def test_lines_after_a_bad_line_are_still_read() -> None:
    [bad, good] = read('customer\n"Acme"x\nBeta\n')
    assert "not valid CSV" in str(bad)
    assert isinstance(good, Row)
    assert good.line == 3


def test_a_repeated_customer_is_reported_with_both_line_numbers() -> None:
    [_, problem] = read("customer\nAcme Inc\nACME  INC\n")
    assert problem == "line 3: customer: “ACME INC” is already on line 2; keep only one of them"


def test_unknown_columns_are_listed() -> None:
    customers = CustomerList(["customer,Fax,Shoe size\n"])
    assert customers.left_out == ["Fax", "Shoe size"]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "must name the columns"),
        ("a,b", "must name"),
        ("customer," + "x" * 200_000, "must name"),
        ("name,account", "more than one column for"),
    ],
)
def test_a_list_without_a_usable_header_is_refused(header: str, message: str) -> None:
    with pytest.raises(NotACustomerList, match=message):
        CustomerList([header])


def test_a_list_of_a_hundred_thousand_lines_is_read_as_a_stream() -> None:
    def lines() -> Iterator[str]:
        yield "customer,notes\n"
        for number in range(100_000):
            yield f"Customer {number},{'They are loud. ' * 20}\n"

    tracemalloc.start()
    assert sum(isinstance(it, Row) for it in CustomerList(lines())) == 100_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30_000_000  # bytes, the size of the list itself
