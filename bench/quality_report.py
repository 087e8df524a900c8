"""Writes what scripts/quality measured into docs/reference/measured.md.

quality_report.py FOLDER_WITH_STEPS DOCS_FOLDER

Steps are evaluations as `handsel evaluate search --json` writes them, 01.json, 02.json, ...; 02 is the
search as it comes.
"""
import json
import os
import pathlib
import sys

from page import replace_section

# On the same 75 queries, from the data set's own notes and issue: what is known to be reachable.
REFERENCES = [
    ("plain BM25 over one text field", "0.585", "0.793"),
    ("BM25F with stemming and weighted fields, no other help", "0.641", "0.850"),
]


def metrics_of(run):
    return {metric["name"]: metric for metric in run["metrics"]}


def step_row(run):
    cells = []
    for name in ("ndcg@10", "recall@100"):
        m = metrics_of(run)[name]
        cells.append(f"{m['mean']:.3f} ({m['low']:.3f} .. {m['high']:.3f})")
    return f"| {run['name']} | {cells[0]} | {cells[1]} |"


def main():
    runs = {}
    for path in sorted(pathlib.Path(sys.argv[1]).glob("[0-9][0-9].json")):
        runs[path.stem] = json.loads(path.read_text(encoding="utf-8"))
    plain = runs["02"]
    references = "\n".join(f"| {name} | {a} | {b} |" for name, a, b in REFERENCES)
    steps = "\n".join(step_row(run) for run in runs.values())
    all_rows = "\n".join(f"| {m['name']} | {m['mean']:.4f} | {m['low']:.4f} .. {m['high']:.4f} | {m['queries']} |"
                         for m in plain["metrics"])
    text = f"""
ESCI-US sample, 6,764 products, {len(plain['queries'])} judged queries, {plain['judgments']:,} judgments
(gains E=1, S=0.1, C=0.01, I=0; unjudged 0; all products ranked). Means with 95 % intervals by bootstrap over queries.
Fingerprint of the judged data `{plain['fingerprint']}`, seed {plain['seed']}. Encoders are trained on the catalogue
alone (there is no log); rankers in 5 folds, judged on queries that they did not see. Repeat it with `make quality`.

| step | NDCG@10 | Recall@100 of E |
|---|---|---|
{references}
{steps}

The search as it comes, nothing trained, in full:

| metric | mean | 95 % interval | queries |
|---|---|---|---|
{all_rows}
"""
    replace_section(os.path.join(sys.argv[2], "measured.md"), "quality", text)


if __name__ == "__main__":
    main()
