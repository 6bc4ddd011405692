"""Pictures: numbers first, then marks. Each picture is described once, in a file of its own.

A file here works out numbers (a small frozen dataclass), turns them into marks on a `Panel`, and says in
words what they show. `svg` and `ink` draw marks; no other file knows how they look. `pizzatune.plots` is
the public door, and explorers put the same marks where they want them.
"""
