"""The same numbers from others, on the files that our program reads.

    python3 bench/experiments_peer.py HANDSEL [CACHE]

statsmodels and SciPy: Welch's test, proportions, CUPED, Lin's regression, adjusted p-values, mediation, errors of every
kind. gbstats: means, lifts, shares, ratios, CUPED. spotify-confidence: Student's t and z. A generated file (seed 1), to
1e-6 relative. Where Python has not got a package, they are brought into CACHE (a folder that is kept) with pip, in a
virtual environment. Prints 'skipped: ...' and exits with 77 where that cannot be.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

SECONDS_MAX = 210  # for packages; ctest ends the test later
REQUIREMENTS = pathlib.Path(__file__).resolve().parent.parent / "scripts/requirements-experiments.txt"


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def fetch_packages(cache):
    """The Python of a virtual environment that has the packages, from this run or an earlier one."""
    python = cache / "venv/bin/python"
    if (cache / "packages").exists():
        return python
    cache.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    pip = [str(python), "-m", "pip", "-q", "--disable-pip-version-check", "--retries", "1", "--timeout", "5"]
    for command in ([sys.executable, "-m", "venv", str(cache / "venv")], [*pip, "install", "-r", str(REQUIREMENTS)]):
        try:
            left = SECONDS_MAX - (time.monotonic() - started)
            subprocess.run(command, check=True, timeout=left, capture_output=True)
        except subprocess.TimeoutExpired:
            skip("it took too long to bring the packages; the next run goes on from here")
        except (subprocess.CalledProcessError, OSError):
            skip("pip could not bring the packages")
    (cache / "packages").touch()
    return python


warnings.filterwarnings("ignore")  # of others' packages, about each other
try:
    import numpy as np
    import pandas as pd
    import spotify_confidence
    import statsmodels.api as sm
    from gbstats.frequentist.tests import FrequentistConfig, TwoSidedTTest
    from gbstats.models.statistics import (ProportionStatistic, RatioStatistic, RegressionAdjustedStatistic,
                                           SampleMeanStatistic)
    from scipy import stats
    from statsmodels.stats.multitest import multipletests
except ImportError as error:
    if len(sys.argv) < 3 or "HANDSEL_PEERS" in os.environ:
        skip(f"{error.name} is not installed")
    with_packages = fetch_packages(pathlib.Path(sys.argv[2]))
    done = subprocess.run([str(with_packages), *sys.argv], env={**os.environ, "HANDSEL_PEERS": "1"}, check=False)
    sys.exit(done.returncode)

failures = 0


def same(what, ours, theirs, tolerance=1e-6):
    global failures
    ok = abs(ours - theirs) <= tolerance * max(1e-9, abs(theirs))
    failures += not ok
    print(f"  {'same  ' if ok else 'UNLIKE'}  {what}: {ours:.12g} and {theirs:.12g}")


def ask(program, *arguments):
    result = subprocess.run([program, "experiment", *arguments, "--json"], capture_output=True, text=True, timeout=120)
    if not result.stdout:
        sys.exit(f"{arguments}: {result.stderr}")
    return json.loads(result.stdout)


def table(path):
    random = np.random.default_rng(1)
    units = 3000
    t = random.integers(0, 2, units)
    x = random.normal(size=units)
    shop = random.integers(0, 60, units)
    m = 0.4 * t + 0.5 * x + random.normal(size=units) + random.normal(size=60)[shop]
    y = 1 + 0.2 * t + 0.6 * m + 0.1 * t * m + 0.7 * x + random.normal(size=units)
    bought = (random.random(units) < 0.2 + 0.03 * t).astype(int)
    with open(path, "w", encoding="utf-8") as out:
        out.write("t,x,shop,m,y,bought,big\n")
        for row in zip(t, x, shop, m, y, bought, np.abs(y) + 1):
            out.write(",".join(repr(float(v)) if isinstance(v, float) else str(int(v)) for v in row) + "\n")
    return t, x, shop, m, y, bought


def effect(report, metric):
    return next(e for e in report["effects"] if e["metric"] == metric)


def compare_means(program, path, t, x, y, bought):
    report = ask(program, "analyze", "--csv", path, "--variant", "t", "--metrics", "y,m,proportion:bought")
    welch = stats.ttest_ind(y[t == 1], y[t == 0], equal_var=False)
    interval = welch.confidence_interval()
    ours = effect(report, "y")
    same("Welch p", ours["p"], welch.pvalue)
    same("Welch low", ours["low"], interval.low)
    same("Welch high", ours["high"], interval.high)
    share = effect(report, "proportion:bought")
    p0, p1 = bought[t == 0].mean(), bought[t == 1].mean()
    error = np.sqrt(p0 * (1 - p0) / (t == 0).sum() + p1 * (1 - p1) / (t == 1).sum())
    same("z p", share["p"], 2 * stats.norm.sf(abs(p1 - p0) / error))
    adjusted = multipletests([e["p"] for e in report["effects"]], method="holm")[1]
    for e, expected in zip(report["effects"], adjusted):
        same(f"Holm {e['metric']}", e["p_adjusted"], expected)
    cuped = effect(ask(program, "analyze", "--csv", path, "--variant", "t", "--metrics", "y", "--cuped", "x"), "y")
    within = sm.OLS(y, np.column_stack([t == 0, t == 1, x]).astype(float)).fit()
    residual = y - within.params[2] * (x - x.mean())
    welch = stats.ttest_ind(residual[t == 1], residual[t == 0], equal_var=False)
    same("CUPED difference", cuped["difference"], within.params[1] - within.params[0])
    same("CUPED p", cuped["p"], welch.pvalue)
    lin = effect(ask(program, "analyze", "--csv", path, "--variant", "t", "--metrics", "y", "--adjust", "x"), "y")
    centred = x - x.mean()
    full = sm.OLS(y, np.column_stack([np.ones_like(x), t, centred, t * centred])).fit()
    same("Lin difference", lin["difference"], full.params[1])


def compare_mediation(program, path, t, x, shop, m, y):
    base = ["mediation", "--csv", path, "--treatment", "t", "--mediator", "m", "--outcome", "y"]
    first = np.column_stack([np.ones_like(x), t, x])
    second = np.column_stack([np.ones_like(x), t, m, x])
    a, b = sm.OLS(m, first).fit(), sm.OLS(y, second).fit()
    ours = ask(program, *base, "--covariates", "x")["mediators"][0]["classical"]
    same("ACME", ours["acme"]["estimate"], a.params[1] * b.params[2])
    same("ADE", ours["ade"]["estimate"], b.params[1])
    same("Sobel error", ours["sobel_error"], np.hypot(a.params[1] * b.bse[2], b.params[2] * a.bse[1]))
    # The difference of the arms is the regression of y on t, with errors of every kind.
    arms = np.column_stack([np.ones_like(x), t])
    groups = len(np.unique(shop))
    for flags, kind, options, factor in (
        ([], "HC0", {}, 1),
        (["--hc", "hc1"], "HC1", {}, 1),
        (["--hc", "hc2"], "HC2", {}, 1),
        (["--hc", "hc3"], "HC3", {}, 1),
        (["--hac", "5"], "HAC", {"maxlags": 5}, 1),
        (["--cluster", "shop"], "cluster", {"groups": shop, "use_correction": False}, np.sqrt(groups / (groups - 1))),
    ):
        fit = sm.OLS(y, arms).fit(cov_type=kind, cov_kwds=options) if options else sm.OLS(y, arms).fit(cov_type=kind)
        ours = ask(program, *base, *flags)["mediators"][0]["generalised"]["arm_difference"]
        same(f"{kind} error", ours["error"], fit.bse[1] * factor)


def gb_mean(values):
    return SampleMeanStatistic(n=len(values), sum=values.sum(), sum_squares=(values**2).sum())


def gb_share(values):
    return ProportionStatistic(n=len(values), sum=values.sum())


def gb_ratio(above, below):
    return RatioStatistic(n=len(above), m_statistic=gb_mean(above), d_statistic=gb_mean(below),
                          m_d_sum_of_products=(above * below).sum())


def gb_cuped(values, before, theta):
    return RegressionAdjustedStatistic(n=len(values), post_statistic=gb_mean(values), pre_statistic=gb_mean(before),
                                       post_pre_sum_of_products=(values * before).sum(), theta=theta)


def gb_test(control, treated, kind, theta=None):
    test = TwoSidedTTest(control, treated, FrequentistConfig(difference_type=kind, alpha=0.05))
    if theta is not None:  # gbstats weighs both arms alike for its slope, whatever their sizes
        test.stat_a.theta = test.stat_b.theta = theta
    return test.compute_result()


def compare_gbstats(program, path, t, x, y, bought):
    control, treated = t == 0, t == 1
    big = np.abs(y) + 1  # a denominator far from 0
    report = ask(program, "analyze", "--csv", path, "--variant", "t", "--metrics", "y,proportion:bought,y/big")
    mean = effect(report, "y")
    theirs = gb_test(gb_mean(y[control]), gb_mean(y[treated]), "absolute")
    same("gbstats difference", mean["difference"], theirs.expected)
    same("gbstats error", mean["error"], theirs.uplift.stddev)
    same("gbstats p", mean["p"], theirs.p_value)
    same("gbstats low", mean["low"], theirs.ci[0])
    same("gbstats high", mean["high"], theirs.ci[1])
    relative = gb_test(gb_mean(y[control]), gb_mean(y[treated]), "relative")
    same("gbstats lift", mean["lift"], relative.expected)
    share = effect(report, "proportion:bought")
    theirs = gb_test(gb_share(bought[control]), gb_share(bought[treated]), "absolute")
    same("gbstats share's error", share["error"], theirs.uplift.stddev)
    ratio = effect(report, "y/big")
    theirs = gb_test(gb_ratio(y[control], big[control]), gb_ratio(y[treated], big[treated]), "absolute")
    same("gbstats ratio", ratio["difference"], theirs.expected)
    same("gbstats ratio's error", ratio["error"], theirs.uplift.stddev)
    same("gbstats ratio's p", ratio["p"], theirs.p_value)
    cuped = effect(ask(program, "analyze", "--csv", path, "--variant", "t", "--metrics", "y", "--cuped", "x"), "y")
    slope = sm.OLS(y, np.column_stack([control, treated, x]).astype(float)).fit().params[2]
    theirs = gb_test(gb_cuped(y[control], x[control], slope), gb_cuped(y[treated], x[treated], slope), "absolute", slope)
    same("gbstats CUPED", cuped["difference"], theirs.expected)
    same("gbstats CUPED's error", cuped["error"], theirs.uplift.stddev)


def compare_confidence(program, path, t, y, bought):
    report = ask(program, "analyze", "--csv", path, "--variant", "t", "--metrics", "y,proportion:bought",
                 "--correction", "none")
    frame = pd.DataFrame([{"arm": str(arm), "sum": y[t == arm].sum(), "squares": (y[t == arm] ** 2).sum(),
                           "units": int((t == arm).sum()), "bought": int(bought[t == arm].sum())} for arm in (0, 1)])

    def difference(test, *columns):
        made = test(frame, *columns, denominator_column="units", categorical_group_columns="arm", interval_size=0.95)
        return made.difference(level_1="0", level_2="1").iloc[0]

    theirs = difference(spotify_confidence.StudentsTTest, "sum", "squares")
    ours = effect(report, "y")
    same("spotify-confidence difference", ours["difference"], theirs["difference"])
    same("spotify-confidence low", ours["low"], theirs["ci_lower"])
    same("spotify-confidence p", ours["p"], theirs["p-value"])
    theirs = difference(spotify_confidence.ZTest, "bought", None)
    ours = effect(report, "proportion:bought")
    same("spotify-confidence share", ours["difference"], theirs["difference"])
    same("spotify-confidence share's low", ours["low"], theirs["ci_lower"])
    same("spotify-confidence share's p", ours["p"], theirs["p-value"])


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "units.csv")
        t, x, shop, m, y, bought = table(path)
        compare_means(program, path, t, x, y, bought)
        compare_mediation(program, path, t, x, shop, m, y)
        compare_gbstats(program, path, t, x, y, bought)
        compare_confidence(program, path, t, y, bought)
    print(f"{failures} unlike")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
