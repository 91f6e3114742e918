"""The logistic and the softmax loss, each with its slope and its curvature, in the same shape.

Notation: n rows, k classes · Z (n, r) scores, r = 1 for two classes and k for more · y (n,) class
numbers 0..k-1 · P (n, k) probabilities · p = sigmoid(z).

                loss of a row                 slope, d loss / dz      curvature, d² loss / dz dz'
    logistic    log(1 + exp(z)) - y z         p - y                   p (1 - p)
    softmax     log sum exp(z) - z_y          P - one-hot(y)          diag(P) - P Pᵀ

Source: Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, 2nd ed., section 4.4.
"""

from __future__ import annotations

import numpy as np

from mlcore.checks import FloatArray, IntArray


def sigmoid(z: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-z)), without overflow for any finite z.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    e = np.exp(-np.abs(z))  # in (0, 1], so neither branch can overflow
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def log_sigmoid(z: FloatArray) -> FloatArray:
    """Return log sigmoid(z), exact where sigmoid itself would round to 0.

    >>> log_sigmoid(np.array([-1000.0, 1000.0]))
    array([-1000.,     0.])
    """
    return np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z)))


def log_softmax(Z: FloatArray) -> FloatArray:
    """Return Z minus the log of the sum of exp(Z) in each row, (n, k).

    >>> log_softmax(np.array([[1000.0, 1000.0]])).round(4)
    array([[-0.6931, -0.6931]])
    """
    centred = Z - Z.max(axis=1, keepdims=True)  # so that exp cannot overflow
    return centred - np.log(np.exp(centred).sum(axis=1, keepdims=True))


def softmax(Z: FloatArray) -> FloatArray:
    """Return exp(Z) with each row divided by its sum, (n, k).

    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def logistic_loss(Z: FloatArray, y: IntArray) -> FloatArray:
    """Return each row's log(1 + exp(z)) - y z, (n,)."""
    z = Z[:, 0]
    return np.maximum(z, 0.0) - y * z + np.log1p(np.exp(-np.abs(z)))


def logistic_slope(Z: FloatArray, y: IntArray) -> FloatArray:
    """Return d loss / dz = sigmoid(z) - y, (n, 1)."""
    return sigmoid(Z) - y[:, None]


def logistic_curvature(Z: FloatArray) -> FloatArray:
    """Return d² loss / dz² = p (1 - p), (n, 1, 1), exact where p rounds to 1."""
    e = np.exp(-np.abs(Z))
    return (e / (1.0 + e) ** 2)[:, :, None]


def softmax_loss(Z: FloatArray, y: IntArray) -> FloatArray:
    """Return each row's log sum of exp(z) less the score of its own class, (n,)."""
    return -log_softmax(Z)[np.arange(len(y)), y]


def softmax_slope(Z: FloatArray, y: IntArray) -> FloatArray:
    """Return d loss / dZ = softmax(Z) - one-hot(y), (n, k)."""
    slope = softmax(Z)
    slope[np.arange(len(y)), y] -= 1.0
    return slope


def softmax_curvature(Z: FloatArray) -> FloatArray:
    """Return d² loss / dZ dZ = diag(P) - P Pᵀ of each row, (n, k, k)."""
    P = softmax(Z)
    H = -P[:, :, None] * P[:, None, :]
    classes = np.arange(Z.shape[1])
    H[:, classes, classes] += P
    return H
