"""The map's plane: two principal components of the votes, and everyone's place on it."""

import numpy as np

from weizhi.methods.opinions.votes import Floats, Votes

STEPS = 12  # of subspace iteration when only little has changed
SMALL = 64  # people or statements up to which the whole decomposition is made
CLOSE = 1e-7  # how far the plane may still turn in a step


def plane(votes: Votes, before: Floats | None = None) -> tuple[Floats, Floats, Floats]:
    """Return the components, shape (2, m), the means, shape (m,), and the places of participants, shape (n, 2).

    A missing vote is the statement's mean, so the matrix of deviations has entries only where somebody voted and is
    never written out. ``before``: components of nearly the same votes, from which a few steps lead to the new ones.
    """
    from scipy.sparse.linalg import LinearOperator, eigsh

    deviations, means = votes.deviations()
    n, m = votes.shape
    across = deviations.T
    if min(n, m) <= SMALL or not np.any(deviations.data):
        components = _dense(deviations.toarray())
    elif before is not None and before.shape == (2, m):
        basis = before.T
        for _ in range(STEPS):
            last = basis
            basis = np.linalg.qr(across @ (deviations @ basis))[0]
            if np.abs(basis - last @ (last.T @ basis)).max() < CLOSE:
                break
        components = _turned(deviations @ basis, basis)
    else:

        def twice(x: Floats) -> Floats:
            return np.asarray(across @ (deviations @ x), dtype=np.float64)

        operator = LinearOperator((m, m), matvec=twice, dtype=np.float64)
        start = np.cos(np.arange(m, dtype=np.float64))  # any fixed start will do; a fixed one gives the same map
        components = eigsh(operator, k=2, which="LA", v0=start, tol=1e-10)[1][:, ::-1].T
    components = _signed(np.asarray(components, dtype=np.float64))
    places = np.asarray(deviations @ components.T) * votes.scale()[:, None]
    return components, means, places


def _dense(deviations: Floats) -> Floats:
    components = np.zeros((2, deviations.shape[1]))
    if deviations.size:
        found = np.linalg.svd(deviations, full_matrices=False)[2][:2]
        components[: len(found)] = found
    return components


def _turned(image: Floats, basis: Floats) -> Floats:
    """Turn a basis of the plane so that the first axis is the one along which people differ most."""
    directions = np.linalg.eigh(image.T @ image)[1]
    result: Floats = (basis @ directions[:, ::-1]).T
    return result


def _signed(components: Floats) -> Floats:
    """Let the largest entry of each component be positive: which side is left must not be chance."""
    if not components.size:
        return components
    largest = np.abs(components).argmax(axis=1)
    signs = np.sign(components[[0, 1], largest])
    result: Floats = components * np.where(signs == 0, 1.0, signs)[:, None]
    return result


def statement_places(components: Floats, means: Floats) -> Floats:
    """Where somebody would stand who agreed with this one statement and saw no other, shape (m, 2)."""
    m = len(means)
    places: Floats = np.sqrt(m) * ((1.0 - means) * components).T
    return places
