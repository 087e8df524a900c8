"""Writes what scripts/quality measured into docs/reference/measured.md.

quality_report.py EVALUATION.json DOCS_FOLDER
"""
import json
import os
import sys

from page import replace_section

# On the same 75 queries, from the data set's own notes and issue: what is known to be reachable.
REFERENCES = [
    ("plain BM25 over one text field", "0.585", "0.793"),
    ("BM25F with stemming and weighted fields, no other help", "0.641", "0.850"),
]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        run = json.load(file)
    metrics = {metric["name"]: metric for metric in run["metrics"]}
    ndcg, recall = metrics["ndcg@10"], metrics["recall@100"]
    rows = "\n".join(f"| {name} | {a} | {b} |" for name, a, b in REFERENCES)
    all_rows = "\n".join(f"| {m['name']} | {m['mean']:.4f} | {m['low']:.4f} .. {m['high']:.4f} | {m['queries']} |"
                         for m in run["metrics"])
    text = f"""
Search as it comes, nothing trained: ESCI-US sample, 6,764 products, {len(run['queries'])} judged queries,
{run['judgments']:,} judgments (gains E=1, S=0.1, C=0.01, I=0; unjudged 0). Fingerprint of the judged data
`{run['fingerprint']}`, bootstrap seed {run['seed']}. Repeat it with `make quality`.

| | NDCG@10 | Recall@100 of E |
|---|---|---|
{rows}
| **Handsel, default settings** | **{ndcg['mean']:.3f}** ({ndcg['low']:.3f} .. {ndcg['high']:.3f}) | \
**{recall['mean']:.3f}** ({recall['low']:.3f} .. {recall['high']:.3f}) |

| metric | mean | 95 % interval | queries |
|---|---|---|---|
{all_rows}
"""
    replace_section(os.path.join(sys.argv[2], "measured.md"), "quality", text)


if __name__ == "__main__":
    main()
