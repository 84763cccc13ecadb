"""Needs and offers as sparse tables whose product is the mutual fit of all pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sysmap.measures.pairs.needed import Needs, Spill, own_regions
from sysmap.measures.pairs.portfolio import Portfolio

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def crossed(told: Portfolio, needs: Needs | None, spill: Spill) -> tuple[csr_array, csr_array]:
    """What each organization needs and offers, such that the product is fit(needer <- helper).

    An offer counts a little anywhere, more in the subregion of the need, most at its place; so
    each need stands in three columns, with what each place adds to the wider one.
    """
    from scipy.sparse import csr_array

    size = len(told.organizations)
    if needs is None:
        return csr_array((size, 0)), csr_array((size, 0))
    owner, element, context = needs.cells.keys.T
    part = needs.parts(told.everything())[:, 0]
    here, near, away = spill
    regions, places = own_regions(told), np.append(np.arange(told.contexts), -1)
    who, what, where = told.works.T
    cell = what * (told.contexts + 1) + where % (told.contexts + 1)
    another = np.ones(len(who), bool)
    another[1:] = who[1:] != who[:-1]
    asked, offered, columns = [], [], 0
    for place, worth in (
        (np.zeros(told.contexts + 1, np.int64), away),
        (regions, near - away),
        (places, here - near),
    ):
        wide = int(place.max()) + 1
        group = np.arange(told.elements)[:, None] * wide + place
        group[:, place < 0] = told.elements * wide
        stands = group[element, context]
        known = (stands < told.elements * wide) & (worth > 0)
        codes, which = np.unique(stands[known], return_inverse=True)
        column = np.full(told.elements * wide + 1, -1, np.int32)
        column[codes] = columns + np.arange(len(codes))
        asked.append((worth * part[known], owner[known], columns + which))
        mine = column[group].ravel().take(cell)
        # rows stand by organization and element, so that most repetitions follow each other
        new = another.copy()
        new[1:] |= mine[1:] != mine[:-1]
        there = np.flatnonzero(new & (mine >= 0))
        offered.append((who[there], mine[there]))
        columns += len(codes)
    weight, *at = (np.concatenate(parts) for parts in zip(*asked, strict=True))
    wanted = csr_array((weight, tuple(at)), shape=(size, columns))
    whose, which = (np.concatenate(parts) for parts in zip(*offered, strict=True))
    offers = csr_array((np.ones(len(whose)), (whose, which)), shape=(size, columns))
    offers.data[:] = 1
    return wanted, offers
