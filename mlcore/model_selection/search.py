"""Searching for the parameters that cross-validate best, as a model that is then fitted with them.

The best score is that of the luckiest of many, so it promises too much. An honest score is
cross_val_score of the search itself, which chooses anew in each fold.

Notation: m candidates, f folds · n rows.

Source: Varma & Simon (2006), Bias in error estimation when using cross-validation for model
selection, BMC Bioinformatics 7; Breiman, Friedman, Olshen & Stone (1984), section 3.4.3 (1-SE rule).
"""

from __future__ import annotations

import numbers
import time
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from mlcore.checks import RandomState
from mlcore.checks.kinds import warn_caller
from mlcore.checks.names import plain
from mlcore.checks.selection import check_same_rows
from mlcore.estimator import clone
from mlcore.model_selection.best import StandsForBest
from mlcore.model_selection.candidates import ParameterGrid, Parameters, ParameterSampler
from mlcore.model_selection.fitting import Fit, Study, clone_values, fit_rows, run_fits
from mlcore.model_selection.results import search_results
from mlcore.model_selection.scorers import MultiScorer, accepts_sample_weight
from mlcore.model_selection.scoring import check_scoring
from mlcore.model_selection.validation import list_splits


class _Search(StandsForBest):
    """What searches share: subclasses give ``_candidates``."""

    scoring: Any
    n_jobs: int | None
    cv: Any
    error_score: Any
    return_train_score: bool

    def _candidates(self) -> Iterable[Parameters]:
        """Return the parameters to try."""
        raise TypeError(f"{type(self).__name__} does not say what to try.")

    def fit(self, X: Any, y: Any = None, **params: Any) -> Any:
        """Score each candidate by cross-validation, choose one and fit it on all rows.

        ``groups`` go to the splitter. All other params go to the model's fit, and sample_weight to
        the scorer too; those with a value a row are cut to the fold's rows. Cost: m * f + 1 fits.
        """
        self._forget()
        groups = params.pop("groups", None)
        check_same_rows(X=X, y=y)
        scorer = check_scoring(self.estimator, self.scoring)
        if isinstance(scorer, MultiScorer):
            self._check_refit(list(scorer.scorers))
        candidates = list(self._candidates())
        splits = list_splits(self.estimator, X, y, groups, self.cv)
        fits = [
            Fit(
                self.estimator,
                train,
                test,
                f"fold {i} of {len(splits)} with {plain(candidate)}",
                candidate,
            )
            for candidate in candidates
            for i, (train, test) in enumerate(splits)
        ]
        study = Study(
            X,
            y,
            scorer,
            params,
            self._score_params(scorer, params),
            self.return_train_score,
            self.error_score,
        )
        run_fits(study, fits, self.n_jobs)

        names = list(fits[0].test_scores or {})
        self.multimetric_ = isinstance(scorer, MultiScorer) or names != ["score"]
        if self.multimetric_:
            self._check_refit(names)
        self.scorer_ = scorer.scorers if isinstance(scorer, MultiScorer) else scorer
        self.n_splits_ = len(splits)
        self.cv_results_ = search_results(candidates, fits, self.return_train_score)
        if self.refit or not self.multimetric_:
            self._choose()
        if self.refit:
            self._refit(X, y, params)
        return self

    def _check_refit(self, names: list[str]) -> None:
        """Raise ValueError unless refit says which of several scores decides."""
        if self.refit is False or callable(self.refit):
            return
        if not isinstance(self.refit, str) or self.refit not in names:
            raise ValueError(
                f"refit is {self.refit!r}, but with several scores one of {names}, a function of "
                f"cv_results_ or False was expected. Try refit={names[0]!r}."
            )

    def _score_params(self, scorer: Any, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the scorer is given besides the rows: the weights, if it has any."""
        weights = params.get("sample_weight")
        if weights is None:
            return {}
        parts = scorer.scorers if isinstance(scorer, MultiScorer) else {"score": scorer}
        without = [name for name, part in parts.items() if not accepts_sample_weight(part)]
        if without:
            warn_caller(
                f"The scores {without} take no sample_weight, so the candidates are judged by "
                "unweighted rows. Use scores that do.",
            )
        return {"sample_weight": weights} if len(without) < len(parts) else {}

    def _choose(self) -> None:
        """Set best_index_, best_params_ and, where one score decides, best_score_."""
        results, m = self.cv_results_, len(self.cv_results_["params"])
        if callable(self.refit):
            chosen = self.refit(results)
            if not isinstance(chosen, numbers.Integral):
                raise TypeError(
                    f"refit returned {chosen!r}, but the number of a candidate was expected."
                )
            if not 0 <= int(chosen) < m:
                raise IndexError(f"refit returned {chosen}, but there are {m} candidates, from 0.")
            self.best_index_ = int(chosen)
        else:
            metric = self.refit if self.multimetric_ else "score"
            self.best_index_ = int(results[f"rank_test_{metric}"].argmin())
            self.best_score_ = results[f"mean_test_{metric}"][self.best_index_]
        self.best_params_ = results["params"][self.best_index_]

    def _refit(self, X: Any, y: Any, params: Mapping[str, Any]) -> None:
        """Fit the chosen candidate on all rows."""
        best = clone(self.estimator).set_params(**clone_values(self.best_params_))
        begin = time.perf_counter()
        self.best_estimator_ = fit_rows(best, X, y, params)
        self.refit_time_ = time.perf_counter() - begin
        if hasattr(best, "feature_names_in_"):
            self.feature_names_in_ = best.feature_names_in_


class GridSearchCV(_Search):
    """The best of every combination of parameters, by cross-validation, fitted on all rows.

    Parameters
    ----------
    estimator : the model; a clone is fitted for each candidate and fold.
    param_grid : as in ParameterGrid; the parameter of a nested model is step__name.
    scoring : as in check_scoring.
    n_jobs : threads; None for one, -1 for one a processor. The results are the same.
    refit : False, True, with several scores the name of the one that decides, or a function of
        cv_results_ that returns the candidate's number, such as one_standard_error.
    cv : as in check_cv.
    error_score : the score of a fit that fails, or "raise".
    return_train_score : score the rows trained on as well.

    Attributes
    ----------
    cv_results_ : arrays (m,) of times, scores and ranks, masked arrays param_<name>, and params.
    best_estimator_, best_params_, best_index_, best_score_ : of equals, the first.
    scorer_, n_splits_, multimetric_, refit_time_, classes_, n_features_in_, feature_names_in_.

    The search predicts and transforms as its best model does.

    >>> from mlcore import DecisionTreeRegressor
    >>> X, y = [[i % 4] for i in range(16)], [i % 4 for i in range(16)]
    >>> search = GridSearchCV(DecisionTreeRegressor(), {"max_depth": [1, 2, 3]}, cv=2).fit(X, y)
    >>> search.best_params_, search.predict([[3]]).tolist()
    ({'max_depth': 2}, [3.0])
    """

    def __init__(
        self,
        estimator: Any,
        param_grid: Any,
        *,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: Any = True,
        cv: Any = None,
        error_score: Any = np.nan,
        return_train_score: bool = False,
    ) -> None:
        self.estimator = estimator
        self.param_grid = param_grid
        self.scoring = scoring
        self.n_jobs = n_jobs
        self.refit = refit
        self.cv = cv
        self.error_score = error_score
        self.return_train_score = return_train_score

    def _candidates(self) -> Iterable[Parameters]:
        return ParameterGrid(self.param_grid)


class RandomizedSearchCV(_Search):
    """The best of n_iter random combinations of parameters, fitted on all rows.

    Few parameters matter; n_iter random points try n_iter values of each, a grid only a few.
    ``param_distributions`` are as in ParameterSampler and drawn by ``random_state``. All else is as
    in GridSearchCV.

    >>> from mlcore import DecisionTreeRegressor
    >>> X, y = [[i % 4] for i in range(16)], [i % 4 for i in range(16)]
    >>> search = RandomizedSearchCV(
    ...     DecisionTreeRegressor(), {"max_depth": range(1, 9)}, n_iter=4, cv=2, random_state=0)
    >>> len(search.fit(X, y).cv_results_["params"])
    4
    """

    def __init__(
        self,
        estimator: Any,
        param_distributions: Any,
        *,
        n_iter: int = 10,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: Any = True,
        cv: Any = None,
        random_state: RandomState = None,
        error_score: Any = np.nan,
        return_train_score: bool = False,
    ) -> None:
        self.estimator = estimator
        self.param_distributions = param_distributions
        self.n_iter = n_iter
        self.scoring = scoring
        self.n_jobs = n_jobs
        self.refit = refit
        self.cv = cv
        self.random_state = random_state
        self.error_score = error_score
        self.return_train_score = return_train_score

    def _candidates(self) -> Iterable[Parameters]:
        return ParameterSampler(
            self.param_distributions, self.n_iter, random_state=self.random_state
        )
