"""Writes the sections on experiments of measured.md.

    experiments_report.py quality|speed WORK_FOLDER FOLDER_OF_THE_PAGE

quality: planted.jsonl and aa.jsonl of bench_experiments_demo, simulated.txt of bench_experiments_quality.
speed: stream.txt of bench_experiments_bench, machine.json of machine.py.
"""
import json
import os
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
    rows = ["| seed | buyers | direct | truth | through the search's clicks | truth | total | truth |", "|---|---|---|---|---|---|---|---|"]
    for line in lines:
        rows.append(f"| {line['seed']} | {line['units']:,} | {effect(line, 'direct')} | {effect(line, 'indirect')} "
                    f"| {effect(line, 'total')} |")
    return "\n".join(rows)


def coverage(lines):
    def share(name):
        return 100 * sum(l[f"{name}_low"] <= l[f"{name}_truth"] <= l[f"{name}_high"] for l in lines) / len(lines)
    return f"direct {share('direct'):.1f} %, indirect {share('indirect'):.1f} %, total {share('total'):.1f} %"


def quality(work, page):
    large = [l for l in lines_of(work, "planted.jsonl") if l["task"] == "planted"]
    small = lines_of(work, "aa.jsonl")
    many = [l for l in small if l["task"] == "planted"]
    alarms = [l for l in small if l["task"] == "a/a"]
    rows = "\n".join(f"| {l['method']} | {100 * l['share']:.2f} % |" for l in alarms)
    text = f"""
The demo's planted experiment "recommendations-v2" (docs/reference/demo.md), analysed from its events: value of purchases per
buyer, with 95 % intervals, beside what the generator knows. Repeat it with `scripts/quality --only experiments`.

{planted_table(large)}

Over {len(many)} smaller demos (seeds 1 to {len(many)}, {many[0]['units']:,} buyers in the first) the intervals covered the truth: {coverage(many)}.

A/A: {alarms[0]['units']:,} buyers of a demo (seed 1), split at random {alarms[0]['splits']:,} times; the share of splits in which
a method sees a difference at 5 %. Simulation knows it to 0.22 points.

| method | false alarms |
|---|---|
{rows}

Simulated experiments, mediation with unmeasured mediators upstream and downstream (`bench_experiments_quality`):

```
{read(work, 'simulated.txt').strip()}
```
"""
    replace_section(os.path.join(page, "measured.md"), "experiments", text)


def speed(work, page):
    machine = json.loads(read(work, "machine.json"))
    text = f"""
One pass over generated units (`scripts/bench --only experiments`), on {machine['cpu']}, {machine['cores']} cores, {machine['memory']}.

```
{read(work, 'stream.txt').strip()}
```
"""
    replace_section(os.path.join(page, "measured.md"), "experiments-speed", text)


if __name__ == "__main__":
    {"quality": quality, "speed": speed}[sys.argv[1]](sys.argv[2], sys.argv[3])
