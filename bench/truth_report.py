"""Writes what bench_demo_truth measured into docs/reference/measured.md.

truth_report.py TRUTH.jsonl WORDS.jsonl DOCS_FOLDER

WORDS: of the folder whose log has pages that were made by the words alone.
"""
import json
import os
import sys

from page import replace_section

BANDS = ["all", "head", "torso", "tail", "unasked"]


def interval(value, low, high, digits=3):
    return f"{value:.{digits}f} ({low:.{digits}f} .. {high:.{digits}f})"


def orders(lines):
    rows = ["| queries | order | NDCG@10 | above BM25F alone | ratio | NDCG@10, linear gains |", "|---|---|---|---|---|---|"]
    linear = {(line["band"], line["order"]): line for line in lines if line["gains"] == "linear"}
    exponential = [line for line in lines if line["gains"] == "exponential"]
    for line in sorted(exponential, key=lambda line: BANDS.index(line["band"])):
        other = linear[line["band"], line["order"]]
        rows.append(f"| {line['band']} ({line['queries']:,.0f}) | {line['order']} "
                    f"| {interval(line['ndcg'], line['low'], line['high'])} "
                    f"| {interval(line['difference'], line['difference_low'], line['difference_high'])} "
                    f"| {interval(line['ratio'], line['ratio_low'], line['ratio_high'])} "
                    f"| {other['ndcg']:.3f}, ratio {other['ratio']:.3f} |")
    return "\n".join(rows)


def rankers(lines):
    rows = ["| measure | order by | mean over queries | above the naive ranker |", "|---|---|---|---|"]
    for line in lines:
        above = "" if "above_naive" not in line else interval(line["above_naive"], line["above_naive_low"],
                                                              line["above_naive_high"], 4)
        rows.append(f"| {line['measure']} | {line['order']} | {interval(line['mean'], line['low'], line['high'])} | {above} |")
    return "\n".join(rows)


def propensities(lines):
    if not lines:
        return "The bias of places was not estimated."
    places = " | ".join(f"{line['place']:.0f}" for line in lines)
    truth = " | ".join(f"{line['truth']:.3f}" for line in lines)
    learned = " | ".join(f"{line['learned']:.3f}" for line in lines)
    return f"| place | {places} |\n|---|{'---|' * len(lines)}\n| planted | {truth} |\n| learned | {learned} |"


def sessions(lines):
    if not lines:
        return ""
    line = lines[0]
    return (f"Three clicks on one style, then another query, {line['sessions']:,.0f} sessions: the style has "
            f"{line['share_without']:.3f} of the page's first 24 places without what is known of the session and "
            f"{line['share_with']:.3f} with it, a lift of {interval(line['lift'], line['lift_low'], line['lift_high'])}, "
            f"{interval(line['ratio'], line['ratio_low'], line['ratio_high'], 2)} times as much. What the words ask for "
            f"is served by {interval(line['ndcg_change'], line['ndcg_change_low'], line['ndcg_change_high'])} better or worse (NDCG@10).")


def read(path):
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return lambda task: [line for line in lines if line["task"] == f"truth: {task}"]


def main():
    truth, words = read(sys.argv[1]), read(sys.argv[2])
    folder = truth("folder")[0]
    of_words = words("folder")[0]
    text = f"""
A marketplace whose truth is known: {folder['listings']:,.0f} listings, {folder['events']:,.0f} events, queries drawn
by popularity with seed {folder['seed']:.0f}. Gains are 2^(4 relevance) - 1, the ideal is over all listings; intervals
are 95 %, by bootstrap over queries, paired where orders are compared ({folder['bands']}; a third of the searches each;
the tail holds the unasked too). The pages of its log come from a ranker that knows the truth with noise, not from
BM25F. Repeat it with `scripts/quality --only demo`.

{orders(truth('orders'))}

{sessions(truth('sessions'))}

### What places do

The same marketplace, with a log of {of_words['events']:,.0f} events whose pages come from the words alone
(`handsel demo --pages words`), as a marketplace has them that was never trained. Of what was learned from that log:

{orders([line for line in words('orders') if line['band'] == 'all'])}

Two rankers of the same searches: `debiased` knows how often a place is looked at, `naive` takes each click at its word
(`--ignore-position-bias`). Both as they are, without the share of the order that a ranker leaves to the untrained score.

{rankers(words('rankers'))}

How often a place is looked at, planted and learned:

{propensities(words('propensities'))}
"""
    replace_section(os.path.join(sys.argv[3], "measured.md"), "truth", text)


if __name__ == "__main__":
    main()
