"""Writes the sections on experiments of measured.md.

    experiments_report.py quality|speed WORK_FOLDER FOLDER_OF_THE_PAGE

quality: planted.jsonl and aa.jsonl of bench_experiments_demo, simulated.txt of bench_experiments_quality.
speed: stream.txt of bench_experiments_bench, machine.json of machine.py, and of peer_statsmodels.py, where that could
run, peer.json.
"""
import json
import math
import os
import re
import statistics
import sys

from page import replace_section


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


def lines_of(folder, name):
    return [json.loads(line) for line in read(folder, name).splitlines()]


def effect(line, name):
    inside = line[f"{name}_low"] <= line[f"{name}_truth"] <= line[f"{name}_high"]
    return (f"{line[name]:+.2f} ({line[f'{name}_low']:+.2f} .. {line[f'{name}_high']:+.2f}) "
            f"| {line[f'{name}_truth']:+.2f}{'' if inside else ' (outside)'}")


def planted_table(lines):
    rows = ["| outcome | seed | buyers | direct | truth | through the search's clicks | truth | total | truth |",
            "|---|---|---|---|---|---|---|---|---|"]
    for line in sorted(lines, key=lambda l: (l["outcome"], l["seed"])):
        rows.append(f"| {line['outcome']} | {line['seed']} | {line['units']:,} | {effect(line, 'direct')} "
                    f"| {effect(line, 'indirect')} | {effect(line, 'total')} |")
    return "\n".join(rows)


def wilson(successes, trials):
    """The 95 % interval of a share (Wilson 1927), in percent."""
    z = 1.959964
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    reach = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return 100 * (centre - reach), 100 * (centre + reach)


def coverage_table(lines):
    rows = ["| outcome | effect | covered | known to | mean z | spread of z |", "|---|---|---|---|---|---|"]
    names = {"direct": "direct", "indirect": "through the search's clicks", "total": "total"}
    for outcome in sorted({l["outcome"] for l in lines}):
        of = [l for l in lines if l["outcome"] == outcome]
        for name, words in names.items():
            covered = sum(l[f"{name}_low"] <= l[f"{name}_truth"] <= l[f"{name}_high"] for l in of)
            z = [(l[name] - l[f"{name}_truth"]) / l[f"{name}_error"] for l in of]
            low, high = wilson(covered, len(of))
            rows.append(f"| {outcome} | {words} | {100 * covered / len(of):.1f} % | {low:.1f} .. {high:.1f} % "
                        f"| {statistics.fmean(z):+.2f} | {statistics.pstdev(z):.2f} |")
    return "\n".join(rows)


def halves(lines):
    """How few buyers make up half of the variance of the indirect effect, in the middle demo."""
    by_outcome = {o: statistics.median(l["half"] for l in lines if l["outcome"] == o) for o in sorted({l["outcome"] for l in lines})}
    return ", ".join(f"{half:.0f} with {outcome}" for outcome, half in by_outcome.items())


def quality(work, page):
    large = [l for l in lines_of(work, "planted.jsonl") if l["task"] == "planted"]
    small = lines_of(work, "aa.jsonl")
    many = [l for l in small if l["task"] == "planted"]
    demos = max(l["seed"] for l in many)
    alarms = [l for l in small if l["task"] == "a/a"]
    rows = "\n".join(f"| {l['method']} | {100 * l['share']:.2f} % |" for l in alarms)
    text = f"""
The demo's planted experiment "recommendations-v2" (docs/reference/demo.md), analysed from its events: value of purchases per
buyer, with 95 % intervals, beside what the generator knows. In `gms.capped` a purchase counts with at most 100. Repeat it
with `scripts/quality --only experiments`.

{planted_table(large)}

{demos} smaller demos (seeds 1 to {demos}, {statistics.fmean(l['units'] for l in many):,.0f} buyers on average): how often the intervals covered the
truth, within which bounds that many demos know it, and (estimate - truth) / error, which should be 0 on average with a
spread of 1. Half of the variance of the indirect effect comes from this few buyers, in the median demo: {halves(many)};
fewer than fifty are warned of ([why](../explanation/causal-mediation.md#few-units-that-decide)).

{coverage_table(many)}

A/A: {alarms[0]['units']:,} buyers of a demo (seed 1), split at random {alarms[0]['splits']:,} times; the share of splits in which
a method sees a difference at 5 %. Simulation knows it to {100 * math.sqrt(0.05 * 0.95 / alarms[0]['splits']):.2f} points.

| method | false alarms |
|---|---|
{rows}

Simulated experiments, mediation with unmeasured mediators upstream and downstream (`bench_experiments_quality`):

```
{read(work, 'simulated.txt').strip()}
```
"""
    replace_section(os.path.join(page, "measured.md"), "experiments", text)


def beside_statsmodels(work, stream):
    """Both rates, in units per second."""
    try:
        peer = json.loads(read(work, "peer.json"))
    except (OSError, ValueError):
        return "statsmodels' mediation: skipped (no package index at hand, or it failed)."
    units = int(re.match(r"\d+", stream)[0])
    seconds = float(re.search(r"so analysing ([\d.]+) s", stream)[1])
    return (f"Units per second: {units / max(seconds, 0.01):,.0f} with all of that; {peer['rows'] / peer['seconds']:,.0f} with "
            f"statsmodels {peer['version']} and nothing but the mediation (`Mediation` on two `OLS`, parametric, "
            f"{peer['repetitions']} draws) of {peer['rows']:,} units of the same law in {peer['seconds']:.2f} s, with "
            f"{peer['peak_memory_bytes'] / 1e9:.1f} GB: direct {peer['direct']:.4f}, indirect {peer['indirect']:.4f}.")


def speed(work, page):
    machine = json.loads(read(work, "machine.json"))
    stream = read(work, "stream.txt").strip()
    text = f"""
One pass over generated units (`scripts/bench --only experiments`), on {machine['cpu']}, {machine['cores']} cores, {machine['memory']}.

```
{stream}
```

{beside_statsmodels(work, stream)}
"""
    replace_section(os.path.join(page, "measured.md"), "experiments-speed", text)


if __name__ == "__main__":
    {"quality": quality, "speed": speed}[sys.argv[1]](sys.argv[2], sys.argv[3])
