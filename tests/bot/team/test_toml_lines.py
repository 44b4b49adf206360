"""Line numbers of the values in a TOML document."""

from bot.team.toml_lines import line_at, lines_of


def test_lines_are_found_in_every_toml_syntax() -> None:
    source = """\
# [not.this]
a.b = 1
"c d".'e' = "x # y"  # [nor.this]

[one."two.three"]  # a header
key = '''
[nor.this]
'''
list = [
  1,  # ]
  [2, 3],
  { x = "}", y.z = [4,
    5] },
]
[[many]]
n = 1
[[many.more]]
m = \"\"\"\\\"\"\"\\"
]\"\"\"
[[many]]
n = 2026-03-01T09:00:00Z
[many.inside]
o = 1
"""
    assert lines_of(source) == {
        ("a",): 2,
        ("a", "b"): 2,
        ("c d",): 3,
        ("c d", "e"): 3,
        ("one",): 5,
        ("one", "two.three"): 5,
        ("one", "two.three", "key"): 6,
        ("one", "two.three", "list"): 9,
        ("one", "two.three", "list", 0): 10,
        ("one", "two.three", "list", 1): 11,
        ("one", "two.three", "list", 1, 0): 11,
        ("one", "two.three", "list", 1, 1): 11,
        ("one", "two.three", "list", 2): 12,
        ("one", "two.three", "list", 2, "x"): 12,
        ("one", "two.three", "list", 2, "y"): 12,
        ("one", "two.three", "list", 2, "y", "z"): 12,
        ("one", "two.three", "list", 2, "y", "z", 0): 12,
        ("one", "two.three", "list", 2, "y", "z", 1): 13,
        ("many",): 15,
        ("many", 0): 15,
        ("many", 0, "n"): 16,
        ("many", 0, "more"): 17,
        ("many", 0, "more", 0): 17,
        ("many", 0, "more", 0, "m"): 18,
        ("many", 1): 20,
        ("many", 1, "n"): 21,
        ("many", 1, "inside"): 22,
        ("many", 1, "inside", "o"): 23,
    }


def test_a_missing_key_is_reported_on_the_line_of_its_table() -> None:
    lines = lines_of('\n[team]\nname = "S"\n')
    assert line_at(lines, ("team", "channel")) == 2
    assert line_at(lines, ("digest", "at")) == 1


def test_a_comma_may_follow_a_space() -> None:
    lines = lines_of('list = ["x" , "y"\n, "z"]\nnext = { a = 1 , b = 2 }\n')
    assert lines["list", 2] == 2
    assert lines["next", "b"] == 3
