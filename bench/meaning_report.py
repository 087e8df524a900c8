"""Writes what scripts/bench measured of search by words and meaning together into docs/reference/measured.md.

meaning_report.py RESULTS.jsonl DOCS_FOLDER
"""
import os
import sys

from page import replace_section
from report import megabytes, number, over_http, pick, read_results, table


def section(results):
    machine = pick(results, "machine", "machine")
    rows = []

    def add_seconds(label, task):
        row = pick(results, "handsel", task)
        rows.append([label, "not measured" if row is None else f"{number(row['seconds'])} s", "", ""])

    def add_search(label, task):
        row = pick(results, "handsel", task)
        if row is None:
            rows.append([label, "not measured", "", ""])
            return
        rows.append([label, f"{number(row['queries_per_second'])} /s, p50 {number(row['p50_ms'], 2)} ms, "
                            f"p99 {number(row['p99_ms'], 2)} ms", "p99 at most 20 ms", megabytes(row, "peak_memory_bytes")])

    add_seconds("an encoder goes to work: vectors of all listings, both cores", "vectors seconds")
    add_search("full search, one core, each query looks at every vector", "words and meaning, no graph yet")
    add_seconds("the vectors linked into one graph, both cores", "graph seconds")
    add_search("full search, one core, by the graph", "words and meaning")
    add_search("the same with a log: walks, a learned ranker, each search by somebody", "words, meaning, log and ranker")
    http = over_http(results, lambda task: task in ("http, words and meaning", "http, words, meaning, log and ranker"))
    log = pick(results, "handsel", "sessions")
    everything = pick(results, "handsel", "words, meaning, log and ranker")
    of_log = "" if log is None or everything is None else (
        f"""The log: {number(log['events'])} events of the demo's buyers in the 90 days before. Searches are by those who acted
last; {number(100 * everything['personalised_share'])} % of them were personalised. Its memory includes what {number(log['people'])} people did.
""")
    return f"""
{number(pick(results, "handsel", "vectors made")['listings'])} listings, each with a vector; at first no log, so neither walks nor a learned ranker. On {machine['cpu']},
{machine['cores']} cores, {machine['memory']}, {machine['system']}; version {machine['version']}.
The graph of vectors is made in the background; until it is there each query looks at every vector. The goal for memory is 1,500 MB.
{of_log}Repeat it with `scripts/bench --only meaning`.

{table(["what", "measured", "goal", "peak MB"], rows)}

{http}
"""


def main(results_path, docs):
    replace_section(os.path.join(docs, "measured.md"), "meaning", section(read_results(results_path)))


if __name__ == "__main__":
    main(*sys.argv[1:])
