"""A list of customers: headers, separators, dates and quotes as people really save them."""

import tracemalloc
from collections.abc import Iterator
from datetime import date

import pytest

from bot.customers.customer_list import CustomerList, NoList, Row


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
def test_the_separator_and_the_names_of_columns_are_found_by_themselves(text: str) -> None:
    [row] = read(text)
    assert isinstance(row, Row)
    assert row.key == "acme"
    assert row.facts == {"name": "Acme", "tier": "enterprise", "renews_on": date(2026, 4, 1)}


def test_quotes_hold_separators_line_ends_and_quotes() -> None:
    [row, wrong] = read('customer,contacts\n"Acme, ""the"" Inc","Jo\nEve"\n,x\n')
    assert isinstance(row, Row)
    assert row.facts == {"name": 'Acme, "the" Inc', "contacts": "Jo\nEve"}
    assert wrong == "line 4: customer: this is empty; write who it is, or delete the line"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Acme,31.02.2026,", "there is no “2026-02-31”; write it like 2026-03-14"),
        ("Acme,03/04/2026,", "“03/04/2026” is no date; write it like 2026-03-14"),
        ("Acme,soon,", "“soon” is no date"),
        ("Acme,0000-00-00,", "there is no “0000-00-00”"),
        ("Acme,2026-04-01,javascript:x", "“javascript:x” is no web address; write https://…"),
        ("\u200b,,", "this is empty; write who it is"),
        ("x" * 10_000 + ",,", "this has 10,000 characters; 120 at most"),
        ("Acme,", "this has 2 cells, and the first line has 3"),
        ("Acme,,,", "this has 4 cells"),
        ('"Acme"x,,', "this is not CSV"),
        ('"Acme,,', "this is not CSV"),
        ("x" * 140_000, "this is not CSV"),
    ],
)
def test_what_is_wrong_in_a_line_is_told_with_its_number_and_the_cure(line: str, told: str) -> None:
    first, *_, wrong = read(f"customer,renewal,crm link\nBeta,,\n\n{line}\n")
    assert isinstance(first, Row)
    assert str(wrong).startswith("line 4: ")
    assert told in str(wrong)


def test_what_is_good_after_a_bad_line_is_read() -> None:
    [bad, good] = read('customer\n"Acme"x\nBeta\n')
    assert "not CSV" in str(bad)
    assert isinstance(good, Row)
    assert good.line == 3


def test_a_customer_twice_is_told_with_both_lines() -> None:
    [_, wrong] = read("customer\nAcme Inc\nACME  INC\n")
    assert wrong == "line 3: customer: “ACME INC” is on line 2 already; leave one of them"


def test_columns_that_are_not_known_are_named() -> None:
    listed = CustomerList(["customer,Fax,Shoe size\n"])
    assert listed.left_out == ["Fax", "Shoe size"]


@pytest.mark.parametrize(
    ("header", "told"),
    [("", "must name the columns"), ("a,b", "must name"), ("name,account", "two columns are for")],
)
def test_without_a_header_there_is_no_list(header: str, told: str) -> None:
    with pytest.raises(NoList, match=told):
        CustomerList([header])


def test_a_hundred_thousand_lines_are_read_one_by_one() -> None:
    def lines() -> Iterator[str]:
        yield "customer,notes\n"
        for number in range(100_000):
            yield f"Customer {number},{'They are loud. ' * 20}\n"

    tracemalloc.start()
    assert sum(isinstance(it, Row) for it in CustomerList(lines())) == 100_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 30_000_000  # the list itself is as large
