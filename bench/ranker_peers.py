#!/usr/bin/env python3
"""NDCG of our ranker beside LightGBM and XGBoost on one SVMlight file with query groups.

    ranker_peers.py --handsel PROGRAM --data rank.train.gz [--repeats 3] [--docs docs/reference]

Queries are dealt into five folds by a seed, several times; each ranker learns from four
and scores the fifth. Every value is of one definition: exponential gains, queries with nothing
to find left out. Differences are paired by query (the mean over the repeats of each), with a
bootstrap over queries. Settings of the peers, which saw none of the data:

  LightGBM        examples/lambdarank/train.conf of LightGBM
  XGBoost         demo/rank of XGBoost (rank:ndcg, eta .1, gamma 1, min_child_weight .1,
                  depth 6), with its 4 rounds and with 100
  handsel         `handsel evaluate ranker` as it is, choosing by folds of the training part

A peer that is not installed is 'skipped'. With --docs, a section of measured.md is written.
"""
import argparse
import csv
import gzip
import importlib.metadata
import os
import random
import subprocess
import sys
import tempfile

try:
    import numpy
except ImportError:
    sys.exit("skipped: numpy is not installed")

from page import replace_section

LIGHTGBM = dict(objective="lambdarank", max_bin=255, learning_rate=0.1, num_leaves=31, bagging_freq=1,
                bagging_fraction=0.9, min_data_in_leaf=50, min_sum_hessian_in_leaf=5.0, verbosity=-1, num_threads=1)
XGBOOST = dict(objective="rank:ndcg", eta=0.1, gamma=1.0, min_child_weight=0.1, max_depth=6, nthread=1, verbosity=0)


def read_text(path):
    with (gzip.open(path, "rt") if path.endswith(".gz") else open(path)) as file:
        return file.read()


def read(path):
    beside = path[:-3] + ".query.gz" if path.endswith(".gz") else path + ".query"
    lines = read_text(path).splitlines()
    queries, at = [], 0
    for size in map(int, read_text(beside).split()):
        queries.append(lines[at:at + size])
        at += size
    return queries


def dense(queries, columns):
    rows = [line for query in queries for line in query]
    values = numpy.zeros((len(rows), columns), dtype=numpy.float32)
    grades = numpy.zeros(len(rows), dtype=int)
    for i, line in enumerate(rows):
        words = line.split()
        grades[i] = int(words[0])
        for word in words[1:]:
            column, value = word.split(":")
            values[i, int(column)] = float(value)
    return values, grades, [len(query) for query in queries]


PLACES = (10, 1, 3, 5)


def ndcg(grades, scores):
    gains = 2.0 ** numpy.asarray(grades) - 1
    discounts = 1 / numpy.log2(numpy.arange(len(gains)) + 2)
    order = numpy.argsort(-numpy.asarray(scores), kind="stable")
    best = numpy.cumsum(numpy.sort(gains)[::-1] * discounts)
    got = numpy.cumsum(gains[order] * discounts)
    last = [min(at, len(gains)) - 1 for at in PLACES]
    return [got[i] / best[i] if best[i] > 0 else float("nan") for i in last]


def by_query(grades, scores, sizes):
    ends = numpy.cumsum(sizes)
    return [ndcg(grades[end - size:end], scores[end - size:end]) for end, size in zip(ends, sizes)]


def lightgbm_values(train, test, seed):
    import lightgbm
    data = lightgbm.Dataset(train[0], train[1], group=train[2])
    booster = lightgbm.train(dict(LIGHTGBM, seed=seed), data, num_boost_round=100)
    return by_query(test[1], booster.predict(test[0]), test[2])


def xgboost_values(rounds):
    def values(train, test, seed):
        import xgboost
        data = xgboost.DMatrix(train[0], train[1])
        data.set_group(train[2])
        booster = xgboost.train(dict(XGBOOST, seed=seed), data, num_boost_round=rounds)
        return by_query(test[1], booster.predict(xgboost.DMatrix(test[0])), test[2])
    return values


def handsel_values(program, extra, train, test, seed):
    with tempfile.TemporaryDirectory() as folder:
        for name, queries in (("train", train), ("test", test)):
            with open(os.path.join(folder, name), "w") as file:
                for number, query in enumerate(queries, 1):
                    for line in query:
                        grade, rest = line.split(" ", 1)
                        file.write(f"{grade} qid:{number} {rest}\n")
        out = os.path.join(folder, "values.csv")
        subprocess.run([program, "evaluate", "ranker", "--train", folder + "/train", "--test", folder + "/test",
                        "--seed", str(seed), "--per-query", out, "--json", *extra], check=True, stdout=subprocess.DEVNULL)
        with open(out) as file:
            return [[float(row[f"ndcg@{at}"] or "nan") for at in PLACES] for row in csv.DictReader(file)]


def bootstrap(values, seed=1, resamples=10000):
    values = numpy.asarray(values)
    values = values[~numpy.isnan(values)]
    draws = numpy.random.default_rng(seed).integers(0, len(values), (resamples, len(values)))
    low, high = numpy.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return dict(mean=values.mean(), low=low, high=high, queries=len(values))


def version_of(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def measure(options, queries):
    """The mean over the repeats, by ranker: queries x places."""
    columns = 1 + max(int(word.split(":")[0]) for query in queries for line in query for word in line.split()[1:])
    rankers = {"LightGBM": lightgbm_values, "XGBoost, 4 rounds": xgboost_values(4), "XGBoost, 100 rounds": xgboost_values(100)}
    rankers = {name: values for name, values in rankers.items() if version_of(name.split(",")[0].lower())}
    sums = {name: numpy.zeros((len(queries), len(PLACES))) for name in ["handsel", *rankers]}
    for repeat in range(options.repeats):
        seed = options.seed + repeat
        order = list(range(len(queries)))
        random.Random(seed).shuffle(order)
        for fold in range(5):
            apart = sorted(order[fold::5])
            kept = sorted(set(order) - set(apart))
            train, test = [queries[i] for i in kept], [queries[i] for i in apart]
            sums["handsel"][apart] += handsel_values(options.handsel, options.extra.split(), train, test, seed)
            arrays = dense(train, columns), dense(test, columns)
            for name, values in rankers.items():
                sums[name][apart] += values(*arrays, seed)
    return {name: values / options.repeats for name, values in sums.items()}


def interval(summary, digits):
    return "{mean:{digits}} ({low:{digits}} .. {high:{digits}})".format(digits=digits, **summary)


def table(means):
    lines = ["| ranker | " + " | ".join(f"NDCG@{at}" for at in PLACES) + " | handsel is above by, NDCG@10 |",
             "|---" * (len(PLACES) + 2) + "|"]
    for name, values in means.items():
        above = "" if name == "handsel" else interval(bootstrap(means["handsel"][:, 0] - values[:, 0]), "+.4f")
        cells = [interval(bootstrap(values[:, k]), ".4f") for k in range(len(PLACES))]
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {above} |")
    return "\n".join(lines)


def text_of(options, queries, means):
    peers = [f"{name} {version_of(name.lower())}" if version_of(name.lower()) else f"{name} (skipped: not installed)"
             for name in ("LightGBM", "XGBoost")]
    judged = numpy.count_nonzero(~numpy.isnan(means["handsel"][:, 0]))
    return f"""
`{os.path.basename(options.data)}` of LightGBM's examples/lambdarank: {len(queries)} queries, {judged} of them with something to find,
{sum(map(len, queries)):,} rows. Each ranker learns from four fifths of the queries and is judged on the fifth, in five folds, dealt anew
{options.repeats} times; `handsel evaluate ranker` as it comes chooses among its learners by folds of its training part, the others have the
settings that they publish as examples: {", ".join(peers)}. Means with 95 % intervals by bootstrap over queries, seed
{options.seed}. Repeat it with `scripts/quality --only ranker`.

{table(means)}
"""


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--handsel", required=True)
    options.add_argument("--data", required=True)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--extra", default="", help="more flags for handsel")
    options.add_argument("--docs", default="", help="folder of measured.md")
    options = options.parse_args()
    queries = read(options.data)
    text = text_of(options, queries, measure(options, queries))
    if options.docs:
        replace_section(os.path.join(options.docs, "measured.md"), "ranker", text)
    print(text.strip())


if __name__ == "__main__":
    main()
