"""Statistics on arrays; knows nothing about maps. This is the one door of the folder."""

from sysmap.core.stats.agreement import (
    KendallW,
    borda,
    complete_ranks,
    condorcet,
    consensus,
    kendall_w,
    krippendorff_alpha,
)
from sysmap.core.stats.arrays import (
    RNG,
    BoolArray,
    CodeArray,
    FloatArray,
    IntArray,
    check_draws,
    generator,
)
from sysmap.core.stats.indicators import (
    IndicatorTest,
    IndicatorValues,
    benjamini_hochberg,
    indicator_test,
    indicator_values,
)
from sysmap.core.stats.meta import RandomEffects, random_effects
from sysmap.core.stats.ranking import (
    RankInterval,
    average_ranks,
    rank_interval,
    rank_span,
    ranks,
    spearman,
)
from sysmap.core.stats.shares import (
    HIGH,
    LOW,
    MIDDLE,
    UNDETERMINED,
    Prevalence,
    effective_number,
    prevalence,
)

__all__ = [
    "HIGH",
    "LOW",
    "MIDDLE",
    "RNG",
    "UNDETERMINED",
    "BoolArray",
    "CodeArray",
    "FloatArray",
    "IndicatorTest",
    "IndicatorValues",
    "IntArray",
    "KendallW",
    "Prevalence",
    "RandomEffects",
    "RankInterval",
    "average_ranks",
    "benjamini_hochberg",
    "borda",
    "check_draws",
    "complete_ranks",
    "condorcet",
    "consensus",
    "effective_number",
    "generator",
    "indicator_test",
    "indicator_values",
    "kendall_w",
    "krippendorff_alpha",
    "prevalence",
    "random_effects",
    "rank_interval",
    "rank_span",
    "ranks",
    "spearman",
]
