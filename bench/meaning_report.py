"""Writes what scripts/bench measured of search by words and meaning together into docs/reference/measured.md.

meaning_report.py RESULTS.jsonl VECTORS.jsonl DOCS_FOLDER
"""
import os
import sys

from page import replace_section
from report import megabytes, number, over_http, pick, read_results, table


def section(results, seconds):
    machine = pick(results, "machine", "machine")
    row = pick(results, "handsel", "words and meaning")
    if row is None:
        return "Search by meaning: not measured."
    rows = [["an encoder of the catalogue at work: all vectors made and linked, both cores", f"{number(seconds)} s", ""],
            ["full search by words and meaning, one core", f"{number(row['queries_per_second'])} /s", ""],
            ["p50", f"{number(row['p50_ms'], 2)} ms", ""],
            ["p99", f"{number(row['p99_ms'], 2)} ms", "at most 20 ms"],
            ["peak memory, mapped files included", f"{megabytes(row, 'peak_memory_bytes')} MB", "at most 1,500 MB"]]
    return f"""
{number(row['listings'])} listings, each with a vector; no log, so neither walks nor a learned ranker. On {machine['cpu']},
{machine['cores']} cores, {machine['memory']}, {machine['system']}; version {machine['version']}.
Repeat it with `scripts/bench --only meaning`.

{table(["what", "measured", "goal"], rows)}

{over_http(results, lambda task: "meaning" in task and task.startswith("http"))}
"""


def main(results_path, vectors_path, docs):
    seconds = read_results(vectors_path)[0]["seconds"]
    replace_section(os.path.join(docs, "measured.md"), "meaning", section(read_results(results_path), seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
