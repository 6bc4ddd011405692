"""The search space: the settings that may be chosen together.

A `Space` puts parameters together; some may exist only for certain choices (``when=``), and some combinations
may be ruled out (``where=``). It checks params, turns them into rows of numbers and back, counts them, walks
through them and draws them.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pizzatune.breeding import mixed, nudged
from pizzatune.checks import called, did_you_mean, params_remedy, shown
from pizzatune.complaints import said
from pizzatune.parameters import COUNTABLE, Choice, FloatArray, Integer, Parameter, Real
from pizzatune.values import own_copy

Params = dict[str, Any]
Key = tuple[Hashable, ...]

TRIES = 1_000  # draws before we stop hoping that `where` lets one through
MANY_TRIES = 100 * TRIES  # where the combinations cannot be walked through instead
SCORE = "score"  # the column of every table of trials that no parameter may have


class Space:
    """All the settings that may be chosen together.

    Options that can be changed, as lists can, belong to the space: `sample`, `enumerate` and `check` hand out
    copies; `draw`, `combine`, `plain`, `decode`, `mix` and `nudge`, for strategies, the options themselves.

    Parameters
    ----------
    *parameters : Choice, Ordered, Integer or Real
        At least one, each with a name of its own. A parameter with ``when=`` comes after the one it needs.
    where : callable, optional
        ``where(params) -> bool``, a named function that says whether a combination is allowed. It must give
        the same answer each time.

    Raises
    ------
    TypeError, ValueError
        If a name comes twice, `when` names an unknown or later parameter, or `where` leaves nothing.

    Examples
    --------
    >>> space = Space(
    ...     Choice("oven", ["Stone", "Electric"]),
    ...     Integer("fan", 0, 3, when={"oven": ["Electric"]}),
    ... )
    >>> space.size, list(space.enumerate())[:2]
    (5, [{'oven': 'Stone'}, {'oven': 'Electric', 'fan': 0}])
    >>> space.encode([{"oven": "Stone"}, {"oven": "Electric", "fan": 3}])
    array([[ 0., nan],
           [ 1.,  1.]])
    """

    def __init__(self, *parameters: Parameter, where: Callable[[Params], bool] | None = None) -> None:
        for given in parameters:
            if not isinstance(given, Choice | Integer | Real):
                raise TypeError(
                    f"a space is made of Choice, Ordered, Integer and Real, got {shown(given)}; "
                    "write Space(Real(...), Choice(...)), without [ ]"
                )
            if given.name == SCORE:
                raise ValueError(
                    f"a parameter cannot be called {given.name!r}, as tables of trials have such a column; "
                    f"call it e.g. {'my_' + given.name!r}"
                )
        if not parameters:
            raise ValueError(
                "a space needs at least one parameter, got none; add e.g. Real('temperature', 150, 300)"
            )
        if where is not None and not callable(where):
            raise TypeError(
                f"where must be a function of params, got {shown(where)}; "
                "write def allowed(params): return ..."
            )
        self.names = tuple(parameter.name for parameter in parameters)
        self.where = where
        self._column = {name: column for column, name in enumerate(self.names)}
        for column, parameter in enumerate(parameters):
            if self._column[parameter.name] != column:
                raise ValueError(f"two parameters are called {parameter.name!r}; give each a name of its own")
        self.parameters = tuple(parameter.among(parameters) for parameter in parameters)
        if where is not None:
            self._check_where_leaves_something()

    # -- what is allowed ------------------------------------------------------------

    def check(self, params: Mapping[str, Any]) -> Params:
        """Check params and give a copy in plain Python values, in the order of the space.

        Raises
        ------
        TypeError, ValueError
            If a key is unknown, missing or does not apply, a value lies outside, or `where` rules it out.
        """
        return self.copied(self.plain(params))

    def plain(self, params: Mapping[str, Any]) -> Params:
        """As `check`, with the options of the space themselves, which nobody may change."""
        if not isinstance(params, Mapping):
            raise TypeError(
                f"params must be a dict with keys {list(self.names)}, got {shown(params)}; "
                f"{params_remedy(params, self.names[0])}"
            )
        for key in params:
            if key not in self._column:
                raise ValueError(self._unknown(key))
        plain: Params = {}
        for parameter in self.parameters:
            if not parameter.when or self.active(plain, parameter.name):
                if parameter.name not in params:
                    raise ValueError(
                        f"{parameter.name} is missing from {shown(dict(params))}; give it a value"
                    )
                plain[parameter.name] = parameter.plain(params[parameter.name])
            elif parameter.name in params:
                raise ValueError(
                    f"{parameter.name} does not apply here (it exists only {parameter.when_in_words()}), "
                    f"got {shown(params[parameter.name])}; leave it out"
                )
        if not self.lets_through(plain):
            raise ValueError(
                f"{plain} is ruled out by where={called(self.where)}; choose another combination"
            )
        return plain

    def active(self, params: Mapping[str, Any], name: str) -> bool:
        """Whether the parameter `name` exists beside the values that `params` gives to earlier ones."""
        when = self[name].when
        return not when or all(
            parent in params
            and self[parent].encode(params[parent]) in {self[parent].encode(v) for v in values}
            for parent, values in when.items()
        )

    def copied(self, params: Mapping[str, Any]) -> Params:
        """The same params for somebody who may change them: a copy of each option that can be changed."""
        if not self.changing:
            return dict(params)
        return {name: own_copy(value) if name in self.changing else value for name, value in params.items()}

    @cached_property
    def changing(self) -> frozenset[str]:
        """The names of the parameters with options that can be changed."""
        return frozenset(parameter.name for parameter in self.parameters if parameter.changes)

    def __getitem__(self, name: str) -> Parameter:
        if name not in self._column:
            raise KeyError(self._unknown(name))
        return self.parameters[self._column[name]]

    def __len__(self) -> int:
        return len(self.parameters)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Space) and self.parameters == other.parameters and self.where == other.where

    def __hash__(self) -> int:
        return hash(self.names)

    # -- params and numbers ---------------------------------------------------------

    def encode(self, trials: Sequence[Mapping[str, Any]]) -> FloatArray:
        """One row for each params, one column for each parameter, shape (n, width).

        A Choice gives the position of its option (0, 1, 2 ...); every other kind a number from 0 to 1; a
        parameter that does not apply gives nan.

        Raises
        ------
        TypeError, ValueError
            As `check`, but `where` is not asked.
        """
        if isinstance(trials, Mapping):
            raise TypeError(f"encode takes a list of params, got one: {dict(trials)}; write [params]")
        rows = np.full((len(trials), len(self)), np.nan)
        for row, params in zip(rows, trials, strict=True):
            for name, value in params.items():
                if name not in self._column:
                    raise ValueError(self._unknown(name))
                row[self._column[name]] = self[name].encode(value)
        absent = np.isnan(rows)
        misplaced = (absent != np.isnan(self._less_absent(np.where(absent, 0.5, rows)))).any(axis=1)
        for place in np.flatnonzero(misplaced):
            self.check(trials[int(place)])  # raises: a parameter is missing, or does not apply
        return rows

    def decode(self, row: Sequence[float] | FloatArray) -> Params:
        """The params nearest to one row of codes; the way back from `encode`."""
        params: Params = {}
        for parameter, code in zip(self.parameters, row, strict=True):
            if not parameter.when or self.active(params, parameter.name):
                params[parameter.name] = parameter.decode(code)
        return params

    def key(self, params: Mapping[str, Any]) -> Key:
        """A hashable stand-in for params: equal exactly where the params are the same combination."""
        return tuple(
            [  # a list is quicker than a generator, and this is asked all the time
                parameter.stand_in(params[name]) if name in params else None
                for name, parameter in zip(self.names, self.parameters, strict=True)
            ]
        )

    def settle(self, rows: FloatArray) -> FloatArray:
        """Snap each code to its nearest value and put nan where a parameter does not apply; same shape."""
        settled = np.array(rows, dtype=float)
        settled[np.isnan(settled)] = 0.5  # one that comes to exist: the middle
        for column, parameter in enumerate(self.parameters):
            settled[:, column] = parameter.snap(settled[:, column])
        return self._less_absent(settled)

    def _less_absent(self, rows: FloatArray) -> FloatArray:
        """The same rows, with nan where a parameter does not apply."""
        for column, parent, wanted in self._needs:
            rows[~np.isin(rows[:, parent], wanted), column] = np.nan
        return rows

    @cached_property
    def _needs(self) -> list[tuple[int, int, list[float]]]:
        """For each `when`, the columns of the parameter and of its parent, and the parent's codes with which
        it exists."""
        return [
            (column, self._column[parent], [self[parent].encode(value) for value in values])
            for column, parameter in enumerate(self.parameters)
            for parent, values in (parameter.when or {}).items()
        ]

    def stretch(self, points: FloatArray) -> FloatArray:
        """Turn points of the unit cube into codes, shape (n, width); each value gets its share."""
        columns = [parameter.spread(points[:, column]) for column, parameter in enumerate(self.parameters)]
        return self._less_absent(np.column_stack(columns))

    def allowed(self, rows: FloatArray) -> NDArray[np.bool_]:
        """Which rows of codes `where` lets through, shape (n,)."""
        if self.where is None:
            return np.ones(len(rows), dtype=bool)
        return np.array([self.lets_through(self.decode(row)) for row in rows], dtype=bool)

    def lets_through(self, params: Params) -> bool:
        """Whether `where` lets params of this space through."""
        if self.where is None:
            return True
        try:
            return bool(self.where(self.copied(params)))
        except Exception as error:
            raise ValueError(
                f"where={called(self.where)} failed on {params}: {said(error)}; "
                "it must answer for every combination (a parameter that does not apply is absent)"
            ) from error

    # -- how many, and all of them --------------------------------------------------

    @cached_property
    def size(self) -> float:
        """How many combinations there are: a whole number, or inf.

        Where `where` or `when` would make us walk through more than a million, the count before they apply.
        """
        product = math.prod(parameter.size for parameter in self.parameters)
        depends = self.where is not None or any(parameter.when for parameter in self.parameters)
        if depends and product <= COUNTABLE:
            return sum(1 for _ in self.combine())
        return product

    def enumerate(self) -> Iterator[Params]:
        """All combinations that are allowed, in order, the last parameter changing fastest.

        Raises
        ------
        ValueError
            If a parameter turns smoothly.
        """
        return map(self.copied, self.combine()) if self.changing else self.combine()

    @cached_property
    def _combinations(self) -> list[Params]:
        return list(self.combine())

    def combine(self, some: Mapping[str, Sequence[Any]] | None = None) -> Iterator[Params]:
        """All allowed combinations of all or `some` values of each parameter, the last changing fastest."""
        values = {p.name: p.values() for p in self.parameters} if some is None else some

        def branch(params: Params, column: int) -> Iterator[Params]:
            if column == len(self):
                if self.lets_through(params):
                    yield dict(params)
                return
            name = self.names[column]
            if not self.active(params, name):
                yield from branch(params, column + 1)
                return
            for value in values[name]:
                yield from branch({**params, name: value}, column + 1)

        return branch({}, 0)

    # -- chance ---------------------------------------------------------------------

    def sample_codes(self, rng: np.random.Generator, count: int) -> FloatArray:
        """Draw `count` rows of codes at random, shape (count, width); `where` is not asked."""
        return self._less_absent(
            np.column_stack([parameter.draw(rng, count) for parameter in self.parameters])
        )

    def sample(self, rng: np.random.Generator) -> Params:
        """Draw one combination at random: each parameter by itself; what `where` rules out is drawn again."""
        return self.copied(self.draw(rng))

    def draw(self, rng: np.random.Generator) -> Params:
        """As `sample`, with the options of the space themselves, which nobody may change."""
        for number in range(MANY_TRIES):
            if number == TRIES and self.size <= COUNTABLE:
                return dict(self._combinations[int(rng.integers(len(self._combinations)))])
            params = self.decode(self.sample_codes(rng, 1)[0])
            if self.lets_through(params):
                return params
        raise ValueError(
            f"where={called(self.where)} let none of {MANY_TRIES:,} random draws through; "
            "allow more, or describe the allowed region with narrower parameters"
        )

    def mix(self, mother: Mapping[str, Any], father: Mapping[str, Any], rng: np.random.Generator) -> Params:
        """A child that takes each value from one of its parents, by the toss of a coin (uniform crossover).

        The parents are params of this space, as `sample`, `check` or a trial gives them. A parameter that
        exists for the child but for neither parent is drawn; a child that `where` rules out is made again,
        and after many tries it is a copy of its mother.
        """
        return mixed(self, mother, father, rng)

    def nudge(
        self, params: Mapping[str, Any], rate: float, rng: np.random.Generator, reach: float = 0.2
    ) -> Params:
        """Change each value with probability `rate` (mutation, by kind of parameter).

        The params are of this space, as `sample`, `check` or a trial gives them. A Choice becomes another
        option; an ordered or numeric value moves by a normal step with standard deviation `reach` of its
        range, at least one click, and bounces off the ends. A result that `where` rules out is made again;
        after many tries the params come back unchanged.
        """
        return nudged(self, params, rate, rng, reach)

    # -- for readers ----------------------------------------------------------------

    def label(self, params: Mapping[str, Any]) -> str:
        """Params in one line, with units."""
        return ", ".join(f"{name} {self[name].label(value)}" for name, value in params.items())

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(p.name, p.in_words(), p.when_in_words()) for p in self.parameters]

    def __repr__(self) -> str:
        size = "no end of combinations" if math.isinf(self.size) else f"{self.size:,} combinations"
        width = max(len(name) for name in self.names)
        lines = [f"  {name:{width}}  {values}  {when}".rstrip() for name, values, when in self._rows()]
        where = [f"  where {called(self.where)}"] if self.where is not None else []
        return "\n".join([f"Space of {len(self)} parameters, {size}", *lines, *where])

    def _repr_html_(self) -> str:
        head, *_ = repr(self).splitlines()
        rows = "".join(
            "<tr>"
            + "".join(f"<td style='text-align:left'>{html.escape(cell)}</td>" for cell in row)
            + "</tr>"
            for row in self._rows()
        )
        where = f"<p>where {html.escape(called(self.where))}</p>" if self.where is not None else ""
        return (
            f"<p>{html.escape(head)}</p><table><thead><tr><th>parameter</th><th>values</th><th></th></tr></thead>"
            f"<tbody>{rows}</tbody></table>{where}"
        )

    # -- inside ---------------------------------------------------------------------

    def _unknown(self, name: Any) -> str:
        """Say that there is no such parameter."""
        hint = did_you_mean(name, self.names, "leave it out")
        return f"unknown parameter {shown(name)}; this space has {list(self.names)}; {hint}"

    def _check_where_leaves_something(self) -> None:
        rng = np.random.default_rng(0)
        if any(self.lets_through(self.decode(row)) for row in self.sample_codes(rng, TRIES)):
            return
        few = math.prod(parameter.size for parameter in self.parameters) <= COUNTABLE
        if not few or next(self.combine(), None) is None:
            searched = "all combinations" if few else f"{TRIES:,} random draws"
            raise ValueError(
                f"where={called(self.where)} leaves nothing of {searched}; allow more, or check its sign"
            )
