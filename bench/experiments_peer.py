"""The same numbers from others: statsmodels and SciPy on the files that our program reads.

    python3 bench/experiments_peer.py HANDSEL

Compares Welch's test, proportions, CUPED, Lin's regression, adjusted p-values, mediation and errors of every kind on a
generated file (seed 1), to 1e-6 relative. Prints 'skipped: ...' and exits with 77 where a package is absent.
"""
import json
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import statsmodels.api as sm
    from scipy import stats
    from statsmodels.stats.multitest import multipletests
except ImportError as error:
    print(f"skipped: {error.name} is not installed")
    sys.exit(77)

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
        out.write("t,x,shop,m,y,bought\n")
        for row in zip(t, x, shop, m, y, bought):
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


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "units.csv")
        t, x, shop, m, y, bought = table(path)
        compare_means(program, path, t, x, y, bought)
        compare_mediation(program, path, t, x, shop, m, y)
    print(f"{failures} unlike")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
