"""Models made of named models: their parameters by name, and names that cannot be mistaken.

A parameter ``alpha`` of the member ``model`` is ``model__alpha``; ``model`` is the member itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from mlcore.checks import takes
from mlcore.estimator import Estimator, shortened


class Named(dict[str, Any]):
    """A dict whose values are attributes as well.

    >>> Named(scaler=1).scaler
    1
    """

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __missing__(self, name: Any) -> Any:
        # A KeyError shows its text as a repr, so there are no quotation marks in it.
        raise KeyError(f"there is no step {name}; the steps are {', '.join(map(str, self))}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]


class Composition(Estimator):
    """An estimator with a list of (name, member, ...) tuples as one of its parameters."""

    _members: str  # the name of that parameter

    def _named_members(self) -> dict[str, Any]:
        """Return the members by name; empty where the list is not one of tuples."""
        listed = getattr(self, self._members)
        try:
            return {entry[0]: entry[1] for entry in listed}
        except (TypeError, IndexError, KeyError):
            return {}

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, the members by name and their parameters as name__parameter."""
        params = super().get_params(deep)
        if deep:
            for name, member in self._named_members().items():
                params[name] = member
                if hasattr(member, "get_params") and not isinstance(member, type):
                    inner = member.get_params(deep=True)
                    params |= {f"{name}__{key}": value for key, value in inner.items()}
        return params

    def set_params(self, **params: Any) -> Composition:
        """Set parameters by name, the list first, then whole members, then what is in them."""
        if self._members in params:
            setattr(self, self._members, params.pop(self._members))
        for name in [n for n in params if n in self._named_members()]:
            self._replace(name, params.pop(name))
        members, nested = self._named_members(), [n for n in params if "__" in n]
        for key in sorted(nested, key=lambda key: key.count("__")):
            name, _, inner = key.partition("__")
            if name in members:
                members[name].set_params(**{inner: params.pop(key)})
        unknown = [n for n in params if n.partition("__")[0] not in self._parameter_names()]
        if unknown:
            raise ValueError(
                f"Invalid parameter {unknown[0].partition('__')[0]!r} for estimator {shortened(self)}. "
                f"Valid parameters are: {[*self._parameter_names(), *members]!r}, and those of "
                "the members as name__parameter."
            )
        super().set_params(**params)
        return self

    def _replace(self, name: str, member: Any) -> None:
        # A new list: the one that the caller gave stays as it is.
        entries = [tuple(entry) for entry in getattr(self, self._members)]
        changed = [
            (n, member, *rest) if n == name else (n, old, *rest) for n, old, *rest in entries
        ]
        setattr(self, self._members, changed)

    def _check_names(self, names: Iterable[Any]) -> None:
        """Raise ValueError unless names are text, all different, and no parameter's."""
        names = list(names)
        twice = [name for name, count in Counter(map(repr, names)).items() if count > 1]
        if twice:
            raise ValueError(
                f"Names provided are not unique: {', '.join(twice)}. Give each its own name."
            )
        for name in names:
            if not isinstance(name, str) or not name:
                raise ValueError(f"{name!r} is no name, but a text was expected, such as 'model'.")
            if "__" in name:
                raise ValueError(
                    f"Names must not contain __, got {name!r}: it stands between a name and a "
                    "parameter. Use one underscore."
                )
            if name in self._parameter_names():
                raise ValueError(
                    f"Names conflict with constructor arguments: {name!r}. Choose another name."
                )


def weight_names(member: Any) -> list[str]:
    """Return the names by which a member's fit takes weights, of which it may have none.

    >>> from mlcore import LogisticRegression, make_pipeline
    >>> weight_names(make_pipeline("passthrough", LogisticRegression()))
    ['logisticregression__sample_weight']
    """
    if isinstance(member, Estimator):
        return member._weight_names()
    return ["sample_weight"] if takes(getattr(member, "fit", None), "sample_weight") else []


def names_from_types(members: Iterable[Any]) -> list[str]:
    """Return a name for each member: its type in small letters, numbered where several are alike.

    >>> names_from_types([1, 2, "passthrough", 0.5])
    ['int-1', 'int-2', 'passthrough', 'float']
    """
    plain = [m if isinstance(m, str) else type(m).__name__.lower() for m in members]
    counts, seen, names = Counter(plain), Counter[str](), []
    for name in plain:
        seen[name] += 1
        names.append(f"{name}-{seen[name]}" if counts[name] > 1 else name)
    return names


def check_transformer(member: Any, where: str, words: tuple[str, ...]) -> None:
    """Raise TypeError unless a member can be fitted and can transform, or is one of the words."""
    if isinstance(member, str) and member in words:
        return
    if isinstance(member, type):
        raise TypeError(
            f"{where} is the class {member.__name__}, but a model was expected. "
            f"Write {member.__name__}()."
        )
    if not hasattr(member, "fit") or not hasattr(member, "transform"):
        raise TypeError(
            f"{where} is {member!r}, but it should be a transformer and implement fit and "
            f"transform, or be {' or '.join(map(repr, words))}. Put models last in a pipeline."
        )


def passes(step: Any) -> bool:
    """Return whether a step of a pipeline does nothing."""
    return step is None or (isinstance(step, str) and step == "passthrough")


class if_last_has:
    """Let a method exist only where the pipeline's last step has one of that name."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self.method, self.__doc__ = method, method.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, pipeline: Any, owner: type) -> Any:
        if pipeline is None:
            return self.method
        last = pipeline._last
        transforms = self.name in ("transform", "fit_transform")
        wanted = "transform" if transforms else self.name
        if not (transforms and passes(last)) and not hasattr(last, wanted):
            raise AttributeError(
                f"This {type(pipeline).__name__} has no {self.name}, for its last step, {last!r}, "
                "has none."
            )
        return self.method.__get__(pipeline)
