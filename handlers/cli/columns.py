"""Aligned columns for the terminal."""

from collections.abc import Iterator, Sequence


def columns(
    rows: Sequence[tuple[str, ...]], right: frozenset[int] | set[int] = frozenset()
) -> Iterator[str]:
    """Yield the rows with aligned columns. Those whose index is in ``right`` align right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = enumerate(zip(row, widths, strict=True))
        shown = [cell.rjust(w) if n in right else cell.ljust(w) for n, (cell, w) in cells]
        yield f"  {'  '.join(shown)}".rstrip()
