"""Aligned columns for the terminal."""

from collections.abc import Iterator, Sequence


def columns(
    rows: Sequence[tuple[str, ...]], right: frozenset[int] | set[int] = frozenset()
) -> Iterator[str]:
    """Yield one line per row. Columns whose index is in ``right`` are right-aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = enumerate(zip(row, widths, strict=True))
        shown = [cell.rjust(w) if n in right else cell.ljust(w) for n, (cell, w) in cells]
        yield f"  {'  '.join(shown)}".rstrip()
