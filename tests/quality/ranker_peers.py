#!/usr/bin/env python3
"""NDCG@10 of our ranker beside LightGBM and XGBoost on one SVMlight file with query groups.

    ranker_peers.py --handsel PROGRAM --data rank.train.gz [--repeats 3] [--json]

Queries are dealt into five folds by a seed, several times; each ranker learns from four
and scores the fifth. Every value comes from one function here: exponential gains, queries
with nothing to find left out. Differences are paired by query (the mean over the repeats of
each), with a bootstrap over queries. Settings of the peers:

  lightgbm        examples/lambdarank/train.conf of LightGBM
  xgboost         demo/rank of XGBoost (rank:ndcg, eta .1, gamma 1, min_child_weight .1,
                  depth 6), with its 4 rounds and with 100
  handsel         `handsel evaluate ranker` as it is, choosing by folds of the training part

A peer that is not installed is 'skipped'.
"""
import argparse
import csv
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile

try:
    import numpy
except ImportError:
    sys.exit("skipped: numpy is not installed")

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


def ndcg(grades, scores, at=10):
    gains = 2.0 ** numpy.asarray(grades) - 1
    discounts = 1 / numpy.log2(numpy.arange(min(at, len(gains))) + 2)
    best = (numpy.sort(gains)[::-1][:at] * discounts).sum()
    order = numpy.argsort(-numpy.asarray(scores), kind="stable")
    return (gains[order][:at] * discounts).sum() / best if best > 0 else float("nan")


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
            return [float(row["ndcg@10"] or "nan") for row in csv.DictReader(file)]


def bootstrap(values, seed=1, resamples=10000):
    values = numpy.asarray([value for value in values if not numpy.isnan(value)])
    draws = numpy.random.default_rng(seed).integers(0, len(values), (resamples, len(values)))
    low, high = numpy.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return dict(mean=values.mean(), low=low, high=high, queries=len(values))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--handsel", required=True)
    options.add_argument("--data", required=True)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--peers", default="lightgbm,xgboost 4,xgboost 100")
    options.add_argument("--extra", default="", help="more flags for handsel")
    options.add_argument("--json", action="store_true")
    options = options.parse_args()
    queries = read(options.data)
    columns = 1 + max(int(word.split(":")[0]) for query in queries for line in query for word in line.split()[1:])
    peers = {"lightgbm": lightgbm_values, "xgboost 4": xgboost_values(4), "xgboost 100": xgboost_values(100)}
    peers = {name: peers[name] for name in options.peers.split(",") if name}
    sums = {name: numpy.zeros(len(queries)) for name in ["handsel", *peers]}
    skipped = set()
    for repeat in range(options.repeats):
        order = list(range(len(queries)))
        random.Random(options.seed + repeat).shuffle(order)
        for fold in range(5):
            apart = sorted(order[fold::5])
            kept = sorted(set(order) - set(apart))
            train, test = [queries[i] for i in kept], [queries[i] for i in apart]
            sums["handsel"][apart] += handsel_values(options.handsel, options.extra.split(), train, test, options.seed + repeat)
            arrays = dense(train, columns), dense(test, columns)
            for name, values in peers.items():
                if name in skipped:
                    continue
                try:
                    sums[name][apart] += values(*arrays, options.seed + repeat)
                except ImportError:
                    skipped.add(name)
    report = {}
    for name, values in sums.items():
        if name in skipped:
            report[name] = "skipped: not installed"
            continue
        report[name] = bootstrap(values / options.repeats)
        if name != "handsel":
            report["handsel - " + name] = bootstrap((sums["handsel"] - values) / options.repeats)
    if options.json:
        print(json.dumps(report))
        return
    for name, value in report.items():
        text = value if isinstance(value, str) else "{mean:.4f}  [{low:.4f}, {high:.4f}]  {queries} queries".format(**value)
        print(f"{name:24}{text}")


if __name__ == "__main__":
    main()
