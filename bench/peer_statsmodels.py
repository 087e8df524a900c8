"""statsmodels' Mediation on units like those of experiments_bench.cc: peer_statsmodels.py [--rows N] [--seed S]

The same law, from another generator: an arm by a fair coin, a mediator, one outcome with a direct effect of 0.01 and one
of -0.03 through the mediator. Both regressions by least squares, REPETITIONS parametric draws. First on WARM_UP_ROWS,
which are not counted, then on FEWER_ROWS; on all N where that promises to take SECONDS_MAX at most. What is timed:
regressions and draws, not the making of the rows. Some 7 GB at a million rows. Prints one JSON line.
"""
import argparse
import json
import resource
import time

import numpy as np
import statsmodels
import statsmodels.api as sm
from statsmodels.stats.mediation import Mediation

WARM_UP_ROWS = 1_000
FEWER_ROWS = 100_000
SECONDS_MAX = 60
REPETITIONS = 100


def units(rows, rng):
    arm = rng.integers(0, 2, rows).astype(float)
    mediator = rng.random(rows) - 0.1 * arm
    outcome = rng.random(rows) + rng.random(rows) + 0.01 * arm + 0.3 * mediator
    return arm, mediator, outcome


def mediate(rows, seed):
    rng = np.random.default_rng(seed)
    arm, mediator, outcome = units(rows, rng)
    start = time.perf_counter()
    ones = np.ones_like(arm)
    of_outcome = sm.OLS(outcome, np.column_stack([ones, arm, mediator]))
    of_mediator = sm.OLS(mediator, np.column_stack([ones, arm]))
    effects = Mediation(of_outcome, of_mediator, (1, 1), 2).fit(method="parametric", n_rep=REPETITIONS, rng=rng)
    seconds = time.perf_counter() - start
    estimates = effects.summary()["Estimate"]
    return {"rows": rows, "seconds": seconds, "direct": estimates["ADE (average)"],
            "indirect": estimates["ACME (average)"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    mediate(WARM_UP_ROWS, options.seed)
    done = mediate(min(FEWER_ROWS, options.rows), options.seed)
    if done["rows"] < options.rows and done["seconds"] * options.rows / done["rows"] <= SECONDS_MAX:
        done = mediate(options.rows, options.seed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"engine": "statsmodels", "task": "mediation", "version": statsmodels.__version__,
                      "repetitions": REPETITIONS, **done, "peak_memory_bytes": peak}))


if __name__ == "__main__":
    main()
