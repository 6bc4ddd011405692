"""A CSV file as people have it, as a table of text: what stands where, and what a number in it means.

`text` finds the letters of a file, or says what the file is instead. `records` tells cells apart, `header`
finds the names of the columns, and `table` keeps the numbers that rows have in the file, for messages.
`numerals` reads numbers as countries write them.

Cells are told apart by the standard library's `csv`. pandas would read as quickly, but it takes words such as
None and NA for gaps, renames columns that come twice, and no longer knows which row of the file a row was.
"""

from __future__ import annotations

from pizzatune.tables.numerals import NUMBER, WHOLE
from pizzatune.tables.table import Table, option_texts, read_table

__all__ = ["NUMBER", "WHOLE", "Table", "option_texts", "read_table"]
