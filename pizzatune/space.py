"""The search space: what may be chosen, and how a choice becomes numbers and back.

Four kinds of parameter. `Choice` has options without order, `Ordered` has options with one, `Integer` and
`Real` are dials with two ends. A `Space` puts them together; some may exist only for certain choices
(``when=``), and some combinations may be ruled out (``where=``). Scaling to 0..1 lives here and only here.
"""

from __future__ import annotations

import html
import math
import numbers
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Params = dict[str, Any]
Key = tuple[Hashable, ...]
FloatArray = NDArray[np.float64]

TRIES = 1_000  # draws before we stop hoping that `where` lets one through
MANY_TRIES = 100 * TRIES  # where the combinations cannot be walked through instead
COUNTABLE = 1_000_000  # combinations we are willing to walk through one by one
PLAIN = (str, float, int)  # options of these types are found by what they are worth
TABLE_COLUMNS = ("score", "error", "why", "seconds")  # what a table of trials holds beside the params


@dataclass(frozen=True)
class Parameter:
    """What all kinds share: a name, a unit to show, and the choices under which the parameter exists.

    Every kind turns a value into one number (`encode`), back (`decode`), and draws such numbers (`draw`).
    """

    name: str
    unit: str = field(default="", kw_only=True)
    when: Mapping[str, Sequence[Any]] | None = field(default=None, kw_only=True, hash=False)

    def __post_init__(self) -> None:
        kind = type(self).__name__
        if not isinstance(self.name, str) or not self.name:
            raise TypeError(f"a parameter needs a name, got {self.name!r}; write {kind}('oven', ...)")
        if self.when is not None:
            _check_when(self.name, self.when)
            own = {
                parent: tuple(values) for parent, values in self.when.items()
            }  # not the caller's to change
            object.__setattr__(self, "when", own)

    @property
    def codes(self) -> FloatArray | None:
        """All codes in order, shape (size,); None where there is no end of them."""
        return None

    @property
    def size(self) -> float:
        """How many values there are: a whole number, or inf."""
        return math.inf if self.codes is None else len(self.codes)

    def encode(self, value: Any) -> float:
        """The number that stands for `value`; an error where there is no such value."""
        raise AssertionError("each kind of parameter has its own")

    def decode(self, code: float) -> Any:
        """The value nearest to the number `code`."""
        raise AssertionError("each kind of parameter has its own")

    def plain(self, value: Any) -> Any:
        """`value` as plain Python (no numpy number); an error where there is no such value."""
        return self.decode(self.encode(value))

    def stand_in(self, value: Any) -> Hashable:
        """A hashable object for each value, the same for equal ones."""
        plain: Hashable = self.plain(value)
        return plain

    def place(self, code: float) -> int:
        """Where among `codes` the one nearest to `code` stands."""
        exactly = self._place_of.get(code)
        if exactly is not None:
            return exactly
        assert self.codes is not None
        return int(np.abs(self.codes - code).argmin())

    @cached_property
    def _place_of(self) -> dict[float, int]:
        assert self.codes is not None
        return {code: place for place, code in enumerate(self.codes.tolist())}

    def draw(self, rng: np.random.Generator, count: int) -> FloatArray:
        """Draw `count` codes at random, each value equally likely; shape (count,)."""
        if self.codes is None:
            return rng.random(count)
        return self.codes[rng.integers(len(self.codes), size=count)]

    def spread(self, points: FloatArray) -> FloatArray:
        """The codes on which `points` of 0..1 fall where each value has a share as large as its chance."""
        if self.codes is None:
            return points.copy()
        codes: FloatArray = self.codes[
            np.minimum((points * len(self.codes)).astype(int), len(self.codes) - 1)
        ]
        return codes

    def snap(self, codes: FloatArray) -> FloatArray:
        """The nearest codes that stand for a value, same shape."""
        if self.codes is None:
            return np.clip(codes, 0.0, 1.0)
        middles = (self.codes[1:] + self.codes[:-1]) / 2
        return self.codes[np.searchsorted(middles, codes)]

    def values(self) -> tuple[Any, ...]:
        """All values in order; a ValueError where the dial turns smoothly."""
        if self.codes is None:
            raise ValueError(
                f"{self.name} turns smoothly and has no list of values; give it a step or a resolution"
            )
        return tuple(self.decode(code) for code in self.codes)

    def label(self, value: Any) -> str:
        """The value as a person reads it, with its unit."""
        return f"{value} {self.unit}".rstrip()


@dataclass(frozen=True, eq=False)
class Choice(Parameter):
    """One of several options that have no order.

    Parameters
    ----------
    name : str
        The key under which the option appears in params.
    options : sequence
        Any objects; they are compared by position. At least one, none twice.
    labels : sequence of str, optional
        How to show each option; by default ``str(option)``.
    unit : str
        Shown behind the label.
    when : dict, optional
        ``{"oven": ["Electric"]}``: the parameter exists only for these values of an earlier parameter.

    Raises
    ------
    TypeError, ValueError
        If there is no option, an option comes twice, or the labels do not match the options.

    Examples
    --------
    >>> oven = Choice("oven", ["Stone", "Electric"])
    >>> oven.encode("Electric"), oven.decode(0), oven.size
    (1.0, 'Stone', 2)
    """

    options: Sequence[Any]
    labels: Sequence[str] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.options, str) or not isinstance(self.options, Sequence):
            raise TypeError(f"{self.name}: options must be a list, got {self.options!r}; write them in [ ]")
        object.__setattr__(self, "options", tuple(self.options))
        if not self.options:
            raise ValueError(
                f"{self.name}: options must hold at least one, got none; list what may be chosen"
            )
        for place, option in enumerate(self.options):
            if self.position(option) != place or self._is_repeated(place):
                raise ValueError(f"{self.name}: option {option!r} comes twice; list each option once")
        if self.labels is not None:
            if isinstance(self.labels, str) or not isinstance(self.labels, Sequence):
                raise TypeError(f"{self.name}: labels must be a list, got {self.labels!r}; write them in [ ]")
            object.__setattr__(self, "labels", tuple(str(label) for label in self.labels))
            if len(set(self.labels)) != len(self.options) or len(self.labels) != len(self.options):
                raise ValueError(
                    f"{self.name}: labels must name each of the {len(self.options)} options differently, "
                    f"got {list(self.labels)}; give one label an option"
                )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Choice) or type(self) is not type(other):
            return NotImplemented
        mine, its = (
            (choice.name, choice.unit, choice.when, choice.labels, len(choice.options))
            for choice in (self, other)
        )
        pairs = zip(self.options, other.options, strict=False)  # options may be anything, arrays too
        return mine == its and all(one is two or _equal(one, two) for one, two in pairs)

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def codes(self) -> FloatArray:
        return np.arange(len(self.options), dtype=float)

    @cached_property
    def _places(self) -> dict[tuple[type, Hashable], int]:
        """The places of options that can be looked up at once: text and numbers."""
        return {
            (type(option), option): i for i, option in enumerate(self.options) if isinstance(option, PLAIN)
        }

    def _is_repeated(self, place: int) -> bool:
        """Whether an earlier option is another object but equal: two lists of the same numbers."""
        option = self.options[place]
        if isinstance(option, PLAIN):
            return False  # these are looked up by what they are worth
        return any(
            type(earlier) is type(option) and _equal(earlier, option) for earlier in self.options[:place]
        )

    def position(self, value: Any) -> int:
        """The place of the very object `value`, else of one equal and of its type, else of an equal one."""
        if isinstance(value, PLAIN):
            known = self._places.get((type(value), value))
            if known is not None:
                return known
        ways: tuple[Callable[[Any], bool], ...] = (
            lambda option: option is value,
            lambda option: type(option) is type(value) and _equal(option, value),
            lambda option: _is_bool(option) == _is_bool(value) and _equal(option, value),
        )
        for same in ways:
            for place, option in enumerate(self.options):
                if same(option):
                    return place
        raise ValueError(
            f"{self.name} must be one of {list(self.options)}, got {value!r}; choose one of these"
        )

    def encode(self, value: Any) -> float:
        return float(self.codes[self.position(value)])

    def decode(self, code: float) -> Any:
        return self.options[self.place(code)]

    def plain(self, value: Any) -> Any:
        return self.options[self.position(value)]

    def stand_in(self, value: Any) -> Hashable:
        return self.position(value)

    def label(self, value: Any) -> str:
        place = self.position(value)
        return super().label(self.options[place] if self.labels is None else self.labels[place])


@dataclass(frozen=True, eq=False)
class Ordered(Choice):
    """One of several options that have an order, so that neighbours are alike.

    The arguments are those of `Choice`; the code is the option's place between 0 (first) and 1 (last).

    Examples
    --------
    >>> size = Ordered("size", ["Small", "Medium", "Large"])
    >>> size.encode("Medium"), size.decode(1.0)
    (0.5, 'Large')
    """

    @cached_property
    def codes(self) -> FloatArray:
        return np.linspace(0.0, 1.0, len(self.options))


@dataclass(frozen=True)
class Real(Parameter):
    """A dial that turns from `low` to `high`, both included, in `unit`.

    Parameters
    ----------
    name : str
        The key under which the value appears in params.
    low, high : float
        The two ends, finite, ``low < high``; above 0 where `log` is set.
    step : float, optional
        The dial clicks at ``low, low + step, ... high``; by default it turns smoothly.
    log : bool
        Equal turns multiply: from 1 to 10 is as far as from 10 to 100. For a learning rate, or for yeast.
    unit : str
        Shown behind the number.
    when : dict, optional
        As in `Choice`.

    Raises
    ------
    TypeError, ValueError
        If the ends are not finite numbers in order, or the step does not lead from one to the other.

    Examples
    --------
    >>> oven = Real("oven", 200, 400, unit="°C")
    >>> oven.encode(250), oven.decode(0.5)
    (0.25, 300.0)
    >>> Real("yeast", 0.01, 1, log=True).encode(0.1)
    0.5
    """

    low: float
    high: float
    step: float | None = field(default=None, kw_only=True)
    log: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_ends(self)
        for end in ("low", "high") if self.step is None else ("low", "high", "step"):
            object.__setattr__(self, end, float(getattr(self, end)))
        if self.step is not None and self.log:
            raise ValueError(
                f"{self.name}: a log dial turns by ratios and has no step, got step={self.step}; drop one"
            )

    @cached_property
    def codes(self) -> FloatArray | None:
        return None if self.step is None else np.linspace(0.0, 1.0, _clicks(self) + 1)

    def encode(self, value: Any) -> float:
        number = _number(self, value)
        if self.step is not None and self.codes is not None:
            click = (number - self.low) / self.step
            if abs(click - round(click)) > 1e-6:
                raise _between_clicks(self, number)
            return float(self.codes[round(click)])
        if self.log:
            return min(_log_ratio(number, self.low) / _log_ratio(self.high, self.low), 1.0)
        return (number - self.low) / (self.high - self.low)

    def decode(self, code: float) -> float:
        if self.codes is not None:
            assert self.step is not None
            click = self.place(code)
            if click == len(self.codes) - 1:
                return self.high
            # in decimals, so that three steps of 0.1 are 0.3 and not 0.30000000000000004
            value = float(Decimal(repr(self.low)) + click * Decimal(repr(self.step)))
        elif code >= 1.0:
            return self.high
        elif self.log:
            value = _times(self.low, code * _log_ratio(self.high, self.low))
        else:
            value = self.low + code * (self.high - self.low)
        return float(min(max(value, self.low), self.high))

    def plain(self, value: Any) -> float:
        if self.codes is None:
            return _number(self, value)  # as it came, not rounded by a way to 0..1 and back
        plain: float = super().plain(value)
        return plain

    def label(self, value: Any) -> str:
        return super().label(f"{value:.4g}")


@dataclass(frozen=True)
class Integer(Parameter):
    """A dial that clicks at whole numbers from `low` to `high`, both included.

    The arguments are those of `Real`, all whole; `step` is 1 unless told. On a log dial the small numbers
    are drawn more often, as their ratios are larger.

    Examples
    --------
    >>> minutes = Integer("minutes", 4, 20, unit="min")
    >>> minutes.encode(8), minutes.decode(0.26), minutes.label(8)
    (0.25, 8, '8 min')
    """

    low: int
    high: int
    step: int = field(default=1, kw_only=True)
    log: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        for end in ("low", "high", "step"):
            given = getattr(self, end)
            if isinstance(given, bool) or not isinstance(given, numbers.Integral):
                raise TypeError(f"{self.name}: {end} must be a whole number, got {given!r}; or use Real")
            object.__setattr__(self, end, int(given))
        _check_ends(self)

    @cached_property
    def codes(self) -> FloatArray:
        turned = np.linspace(0.0, 1.0, _clicks(self) + 1)
        if not self.log:
            return turned
        ratio = (self.high - self.low) / self.low
        codes: FloatArray = np.log1p(turned * ratio) / np.log1p(ratio)
        return codes

    def encode(self, value: Any) -> float:
        return float(self.codes[(self.plain(value) - self.low) // self.step])

    def decode(self, code: float) -> int:
        return self.low + self.step * self.place(code)

    def plain(self, value: Any) -> int:
        if type(value) is int and self.low <= value <= self.high and not (value - self.low) % self.step:
            return value  # nearly always, and much quicker to tell
        _number(self, value)
        whole = int(value)  # not by way of a float, which cannot tell large whole numbers apart
        if value != whole:
            raise ValueError(f"{self.name} must be a whole number, got {value!r}; round it, or use Real")
        if (whole - self.low) % self.step:
            raise _between_clicks(self, whole)
        return whole

    def draw(self, rng: np.random.Generator, count: int) -> FloatArray:
        return self.spread(rng.random(count)) if self.log else super().draw(rng, count)

    def spread(self, points: FloatArray) -> FloatArray:
        if not self.log:
            return super().spread(points)
        half = min(self.step, self.low) / 2  # a little more, so that both ends get their share
        low, high = self.low - half, self.high + half
        turned = low * np.exp(points * math.log(high / low))
        click = np.clip(np.rint((turned - self.low) / self.step), 0, len(self.codes) - 1)
        codes: FloatArray = self.codes[click.astype(int)]
        return codes


class Space:
    """All the settings that may be chosen together.

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
                    f"a space is made of Choice, Ordered, Integer and Real, got {given!r}; "
                    "write Space(Real(...), Choice(...))"
                )
            if given.name in TABLE_COLUMNS:
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
                f"where must be a function of params, got {where!r}; write def allowed(params): return ..."
            )
        self.parameters = parameters
        self.names = tuple(parameter.name for parameter in parameters)
        self.where = where
        self._column = {name: column for column, name in enumerate(self.names)}
        for column, parameter in enumerate(parameters):
            if self._column[parameter.name] != column:
                raise ValueError(f"two parameters are called {parameter.name!r}; give each a name of its own")
        for column, parameter in enumerate(parameters):
            self._check_parents(parameter, column)
        if where is not None:
            self._check_where_leaves_something()

    @classmethod
    def from_sklearn(cls, param_distributions: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Space:
        """The space that scikit-learn's `param_grid` or `param_distributions` describe.

        Parameters
        ----------
        param_distributions : dict or list of dict
            A list of values or a distribution of `scipy.stats` (uniform, loguniform, randint) for each name.
            `pizzatune.sklearn.to_space` says what becomes of each.

        Raises
        ------
        ImportError
            If scikit-learn is not installed.
        TypeError, ValueError
            If something cannot be translated; the message names the parameter.

        Examples
        --------
        >>> from scipy.stats import loguniform
        >>> Space.from_sklearn({"C": loguniform(0.01, 100), "kernel": ["linear", "rbf"]})
        Space of 2 parameters, no end of combinations
          C       0.01 to 100 (log)
          kernel  linear, rbf
        """
        from pizzatune.sklearn import to_space  # scikit-learn loads only when asked for

        return to_space(param_distributions)

    @classmethod
    def from_optuna(cls, search_space: Mapping[str, Any]) -> Space:
        """The space that Optuna's distributions describe.

        Parameters
        ----------
        search_space : dict
            A distribution for each name. `pizzatune.optuna.to_space` says what becomes of each.

        Raises
        ------
        ImportError
            If Optuna is not installed.
        TypeError, ValueError
            If something cannot be translated; the message names the parameter.

        Examples
        --------
        >>> from optuna.distributions import FloatDistribution, IntDistribution
        >>> Space.from_optuna({"C": FloatDistribution(0.01, 100, log=True), "depth": IntDistribution(1, 9)})
        Space of 2 parameters, no end of combinations
          C      0.01 to 100 (log)
          depth  1 to 9 (whole)
        """
        from pizzatune.optuna import to_space  # Optuna loads only when asked for

        return to_space(search_space)

    # -- what is allowed ------------------------------------------------------------

    def check(self, params: Mapping[str, Any]) -> Params:
        """Check params and give a copy in plain Python values, in the order of the space.

        Raises
        ------
        TypeError, ValueError
            If a key is unknown, missing or does not apply, a value lies outside, or `where` rules it out.
        """
        if not isinstance(params, Mapping):
            raise TypeError(f"params must be a dict with keys {list(self.names)}, got {params!r}")
        unknown = [key for key in params if key not in self._column]
        if unknown:
            raise ValueError(f"unknown parameter {unknown[0]!r}; this space has {list(self.names)}")
        plain: Params = {}
        for parameter in self.parameters:
            if not parameter.when or self.active(plain, parameter.name):
                if parameter.name not in params:
                    raise ValueError(f"{parameter.name} is missing from {dict(params)}; give it a value")
                plain[parameter.name] = parameter.plain(params[parameter.name])
            elif parameter.name in params:
                raise ValueError(
                    f"{parameter.name} does not apply here (it exists only when {_when_text(parameter)}), "
                    f"got {params[parameter.name]!r}; leave it out"
                )
        if not self._allowed(plain):
            raise ValueError(
                f"{plain} is ruled out by where={_name_of(self.where)}; choose another combination"
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

    def __getitem__(self, name: str) -> Parameter:
        if name not in self._column:
            raise KeyError(f"unknown parameter {name!r}; this space has {list(self.names)}")
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
                    raise ValueError(f"unknown parameter {name!r}; this space has {list(self.names)}")
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
        return np.array([self._allowed(self.decode(row)) for row in rows], dtype=bool)

    # -- how many, and all of them --------------------------------------------------

    @cached_property
    def size(self) -> float:
        """How many combinations there are: a whole number, or inf.

        Where `where` or `when` would make us walk through more than a million, the count before they apply.
        """
        product = math.prod(parameter.size for parameter in self.parameters)
        depends = self.where is not None or any(parameter.when for parameter in self.parameters)
        if depends and product <= COUNTABLE:
            return sum(1 for _ in self.enumerate())
        return product

    def enumerate(self) -> Iterator[Params]:
        """All combinations that are allowed, in order, the last parameter changing fastest.

        Raises
        ------
        ValueError
            If a parameter turns smoothly.
        """
        return self.combine({parameter.name: parameter.values() for parameter in self.parameters})

    @cached_property
    def _combinations(self) -> list[Params]:
        return list(self.enumerate())

    def combine(self, values: Mapping[str, Sequence[Any]]) -> Iterator[Params]:
        """All allowed combinations of the given values of each parameter, the last changing fastest."""

        def branch(params: Params, column: int) -> Iterator[Params]:
            if column == len(self):
                if self._allowed(params):
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
        for number in range(MANY_TRIES):
            if number == TRIES and self.size <= COUNTABLE:
                return dict(self._combinations[int(rng.integers(len(self._combinations)))])
            params = self.decode(self.sample_codes(rng, 1)[0])
            if self._allowed(params):
                return params
        raise ValueError(
            f"where={_name_of(self.where)} let none of {MANY_TRIES:,} random draws through; "
            "allow more, or describe the allowed region with narrower parameters"
        )

    def mix(self, mother: Mapping[str, Any], father: Mapping[str, Any], rng: np.random.Generator) -> Params:
        """A child that takes each value from one of its parents, by the toss of a coin (uniform crossover).

        A parameter that exists for the child but for neither parent is drawn; a child that `where` rules out
        is made again, and after many tries it is a copy of its mother.
        """
        return self._mixed(self.check(mother), self.check(father), rng)

    def _mixed(self, mother: Params, father: Params, rng: np.random.Generator) -> Params:
        """`mix` for params that were checked before, as those of trials were."""
        for _ in range(TRIES):
            child: Params = {}
            for parameter, heads in zip(self.parameters, (rng.random(len(self)) < 0.5).tolist(), strict=True):
                name = parameter.name
                if not parameter.when or self.active(child, name):
                    first, second = (mother, father) if heads else (father, mother)
                    have = first if name in first else second
                    child[name] = have[name] if name in have else parameter.decode(parameter.draw(rng, 1)[0])
            if self._allowed(child):
                return child
        return dict(mother)

    def nudge(
        self, params: Mapping[str, Any], rate: float, rng: np.random.Generator, reach: float = 0.2
    ) -> Params:
        """Change each value with probability `rate` (mutation, by kind of parameter).

        A Choice becomes another option; an ordered or numeric value moves by a normal step with standard
        deviation `reach` of its range, at least one click, and bounces off the ends. A result that `where`
        rules out is made again; after many tries the params come back unchanged.
        """
        return self._nudged(self.check(params), rate, rng, reach)

    def _nudged(self, params: Params, rate: float, rng: np.random.Generator, reach: float) -> Params:
        """`nudge` for params that were checked before."""
        for _ in range(TRIES):
            changed: Params = {}
            for parameter, chosen in zip(
                self.parameters, (rng.random(len(self)) < rate).tolist(), strict=True
            ):
                name = parameter.name
                if parameter.when and not self.active(changed, name):
                    continue
                if name not in params:
                    changed[name] = parameter.decode(parameter.draw(rng, 1)[0])
                else:
                    changed[name] = _moved(parameter, params[name], reach, rng) if chosen else params[name]
            if self._allowed(changed):
                return changed
        return dict(params)

    # -- for readers ----------------------------------------------------------------

    def label(self, params: Mapping[str, Any]) -> str:
        """Params in one line, with units."""
        return ", ".join(f"{name} {self[name].label(value)}" for name, value in params.items())

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(p.name, _range_text(p), f"when {_when_text(p)}" if p.when else "") for p in self.parameters]

    def __repr__(self) -> str:
        size = "no end of combinations" if math.isinf(self.size) else f"{self.size:,} combinations"
        width = max(len(name) for name in self.names)
        lines = [f"  {name:{width}}  {values}  {when}".rstrip() for name, values, when in self._rows()]
        where = [f"  where {_name_of(self.where)}"] if self.where is not None else []
        return "\n".join([f"Space of {len(self)} parameters, {size}", *lines, *where])

    def _repr_html_(self) -> str:
        head, *_ = repr(self).splitlines()
        rows = "".join(
            "<tr>"
            + "".join(f"<td style='text-align:left'>{html.escape(cell)}</td>" for cell in row)
            + "</tr>"
            for row in self._rows()
        )
        where = f"<p>where {html.escape(_name_of(self.where))}</p>" if self.where is not None else ""
        return (
            f"<p>{html.escape(head)}</p><table><thead><tr><th>parameter</th><th>values</th><th></th></tr></thead>"
            f"<tbody>{rows}</tbody></table>{where}"
        )

    # -- inside ---------------------------------------------------------------------

    def _allowed(self, params: Params) -> bool:
        if self.where is None:
            return True
        try:
            return bool(self.where(dict(params)))
        except Exception as error:
            raise ValueError(
                f"where={_name_of(self.where)} failed on {params}: {type(error).__name__}: {error}; "
                "it must answer for every combination (a parameter that does not apply is absent)"
            ) from error

    def _check_parents(self, parameter: Parameter, column: int) -> None:
        for parent, values in (parameter.when or {}).items():
            if parent not in self._column:
                raise ValueError(
                    f"{parameter.name}: when names the unknown {parent!r}; this space has {list(self.names)}"
                )
            if self._column[parent] >= column:
                raise ValueError(
                    f"{parameter.name}: when names {parent!r}, which comes later; list {parent!r} first"
                )
            if self[parent].codes is None:
                raise ValueError(
                    f"{parameter.name}: when names {parent!r}, which turns smoothly and hardly ever meets "
                    "a value exactly; give it a step, or depend on a Choice"
                )
            for value in values:
                self[parent].encode(value)  # raises in the parent's own words

    def _check_where_leaves_something(self) -> None:
        rng = np.random.default_rng(0)
        if any(self._allowed(self.decode(row)) for row in self.sample_codes(rng, TRIES)):
            return
        few = math.prod(parameter.size for parameter in self.parameters) <= COUNTABLE
        if not few or next(self.enumerate(), None) is None:
            searched = "all combinations" if few else f"{TRIES:,} random draws"
            raise ValueError(
                f"where={_name_of(self.where)} leaves nothing of {searched}; allow more, or check its sign"
            )


# -- helpers of the kinds -------------------------------------------------------


def _check_when(name: str, when: Mapping[str, Sequence[Any]]) -> None:
    if not isinstance(when, Mapping):
        raise TypeError(f"{name}: when must be a dict, got {when!r}; write when={{'oven': ['Electric']}}")
    for parent, values in when.items():
        if isinstance(values, str) or not isinstance(values, Sequence) or not values:
            raise TypeError(
                f"{name}: when[{parent!r}] must list at least one value, got {values!r}; write it in [ ]"
            )


def _check_ends(dial: Real | Integer) -> None:
    for end in ("low", "high"):
        given = getattr(dial, end)
        if not _is_number(given):
            raise TypeError(f"{dial.name}: {end} must be a number, got {given!r}")
        if not _is_finite(given):
            raise ValueError(
                f"{dial.name}: {end} must be finite, got {given}; choose the widest value you would try"
            )
    if not dial.low < dial.high:
        raise ValueError(
            f"{dial.name}: low must be below high, got low={dial.low}, high={dial.high}; swap or widen them"
        )
    if not math.isfinite(float(dial.high) - float(dial.low)):
        raise ValueError(
            f"{dial.name}: the range {dial.low}..{dial.high} is too wide; narrow it, or tune its logarithm"
        )
    if dial.log and not dial.low > 0:
        raise ValueError(
            f"{dial.name}: a log dial must start above 0, got low={dial.low}; raise it, e.g. to 1e-6"
        )
    if dial.step is not None:
        if not _is_number(dial.step):
            raise TypeError(
                f"{dial.name}: step must be a number, got {dial.step!r}; leave it out for a smooth dial"
            )
        if not 0 < dial.step <= (1 + 1e-9) * (dial.high - dial.low):  # 0.4 - 0.3 is a little below 0.1
            raise ValueError(f"{dial.name}: step must lie above 0 and within the range, got {dial.step}")
        clicks = (dial.high - dial.low) / dial.step
        if clicks >= COUNTABLE:
            raise ValueError(
                f"{dial.name}: {clicks:,.0f} steps of {dial.step} are too many (more than {COUNTABLE:,}); "
                "take a larger step, or a Real without one"
            )
        if isinstance(dial, Real) and dial.step < 4 * math.ulp(max(abs(dial.low), abs(dial.high))):
            raise ValueError(
                f"{dial.name}: a step of {dial.step} is lost in the rounding of numbers like {dial.high}; "
                "take a larger step"
            )
        if abs(clicks - round(clicks)) > 1e-9 * clicks:
            reached = dial.low + math.floor(clicks) * dial.step
            raise ValueError(
                f"{dial.name}: steps of {dial.step} from {dial.low} miss {dial.high}; end at {reached:g}"
            )


def _clicks(dial: Real | Integer) -> int:
    assert dial.step is not None
    return round((dial.high - dial.low) / dial.step)


def _between_clicks(dial: Real | Integer, number: float) -> ValueError:
    return ValueError(
        f"{dial.name} must be {dial.low:.12g} plus whole steps of {dial.step:.12g}, "
        f"got {number:.12g}; round it"
    )


def _number(dial: Real | Integer, value: Any) -> float:
    if type(value) is float and dial.low <= value <= dial.high:  # nearly always, and much quicker to tell
        return value
    if not _is_number(value):
        raise TypeError(f"{dial.name} must be a number, got {value!r}; write it without quotes")
    if not dial.low <= value <= dial.high:
        allowed = f"[{dial.low:.12g}, {dial.high:.12g}] {dial.unit}".rstrip()
        raise ValueError(
            f"{dial.name} must lie in {allowed}, got {value}; choose a value inside, or widen the space"
        )
    return min(
        max(float(value), float(dial.low)), float(dial.high)
    )  # a rounded float32 may lie a hair outside


def _log_ratio(number: float, low: float) -> float:
    """log(number / low), exact where that ratio is close to 1, and where it is too large for a float."""
    return math.log1p((number - low) / low) if number < 2.0 * low else math.log(number) - math.log(low)


def _times(low: float, log_ratio: float) -> float:
    """The way back from `_log_ratio`."""
    if log_ratio < math.log(2.0):
        return low + low * math.expm1(log_ratio)
    return math.exp(min(math.log(low) + log_ratio, math.log(sys.float_info.max)))


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _is_finite(number: Any) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number too large for a float
        return False


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool | np.bool_)


def _moved(parameter: Parameter, value: Any, reach: float, rng: np.random.Generator) -> Any:
    """Another value near `value`; another option for a Choice; the same where there is only one."""
    if parameter.size == 1:
        return value
    code = parameter.encode(value)
    codes = parameter.codes
    if codes is None:
        moved = code + rng.normal(scale=reach)
        return parameter.decode(_bounced(moved))
    if type(parameter) is Choice:
        others = codes[codes != code]
        return parameter.decode(others[rng.integers(len(others))])
    side = (-1, 1)[rng.integers(2)]
    wish = code + side * abs(rng.normal(scale=reach))
    place, landed = parameter.place(code), parameter.place(_bounced(wish))
    if landed != place:
        return parameter.decode(codes[landed])
    step = side if 0 <= place + side < len(codes) else -side
    return parameter.decode(codes[place + step])


def _bounced(code: float) -> float:
    """A code that left 0..1, thrown back from the ends it met."""
    return 1.0 - abs(1.0 - abs(code) % 2.0)


def _equal(one: Any, other: Any) -> bool:
    """Equality that takes no part in quarrels: what gives no plain answer (an array, say) is different."""
    try:
        return bool(one == other)
    except Exception:  # an object's own comparison may raise anything
        return False


def _name_of(function: Any) -> str:
    return getattr(function, "__name__", repr(function))


def _when_text(parameter: Parameter) -> str:
    return " and ".join(
        f"{parent} is {' or '.join(map(str, values))}" for parent, values in (parameter.when or {}).items()
    )


def _range_text(parameter: Parameter) -> str:
    if isinstance(parameter, Choice):
        labels = [parameter.label(option) for option in parameter.options]
        shown = labels if len(labels) <= 8 else [*labels[:6], "...", labels[-1]]
        return (" < " if isinstance(parameter, Ordered) else ", ").join(shown)
    assert isinstance(parameter, Real | Integer)
    step = f" in steps of {parameter.step:g}" if parameter.step not in (None, 1) else ""
    whole = " (whole)" if isinstance(parameter, Integer) else ""
    ends = [f"{end}" if isinstance(end, int) else f"{end:g}" for end in (parameter.low, parameter.high)]
    return (
        f"{' to '.join(ends)} {parameter.unit}".rstrip() + step + whole + (" (log)" if parameter.log else "")
    )
