"""Writes what scripts/bench measured into docs/reference/measured.md and measured.svg.

report.py RESULTS.jsonl DOCS_FOLDER

Each line of RESULTS is one measurement (bench/harness.h). The text between the bench
markers of measured.md is replaced, the rest of the page is left alone.
"""
import json
import os
import sys

from page import replace_section

ENGINES = ["handsel", "tantivy", "Xapian", "SQLite FTS5"]
COLOURS = {"handsel": "#b4552d", "tantivy": "#5b7a8c", "Xapian": "#8c8c5b", "SQLite FTS5": "#7a6b8c"}


def read_results(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def pick(results, engine, task):
    found = [r for r in results if r["engine"] == engine and r["task"] == task]
    return found[-1] if found else None


def number(value, digits=0):
    return "" if value is None else f"{value:,.{digits}f}"


def megabytes(row, key):
    return "" if row is None or key not in row else number(row[key] / 1e6)


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def same_task(results):
    """One text field, any word, ten results: what every engine can do."""
    rows = []
    for engine in ENGINES:
        index, search = pick(results, engine, "index"), pick(results, engine, "search")
        if index is None or search is None:
            rows.append([engine, "skipped"] + [""] * 9)
            continue
        agreement = next((r for r in results if r["task"] == "agreement" and r["other"] == engine), None)
        ours = pick(results, "handsel", "search")
        ratio = ours["queries_per_second"] / search["queries_per_second"] if ours else None
        rows.append([
            engine, index.get("version") or pick(results, "machine", "machine")["version"], number(index["listings_per_second"]), megabytes(index, "index_bytes"),
            megabytes(index, "peak_memory_bytes"), number(search["queries_per_second"]), number(search["p50_ms"], 3),
            number(search["p99_ms"], 3), megabytes(search, "peak_memory_bytes"), number(ratio, 1),
            "" if agreement is None else f"{agreement['overlap_at_10']:.2f} / {agreement['equally_good_at_10']:.2f}",
        ])
    return table(["engine", "version", "listings/s", "index MB", "peak MB, indexing", "queries/s", "p50 ms", "p99 ms",
                  "peak MB, searching", "handsel is faster by", "agrees with tantivy"], rows)


def whole_engine(results):
    rows = []

    def add(label, task, key, unit, digits=0, goal=""):
        row = pick(results, "handsel", task)
        if row is not None:
            rows.append([label, f"{number(row[key], digits)} {unit}", goal, megabytes(row, "peak_memory_bytes")])

    add("listings acknowledged (durable), both cores", "load", "acknowledged_per_second", "/s")
    add("listings made searchable, both cores", "load", "listings_per_second", "/s", goal="at least 20,000 /s")
    add("events acknowledged (durable), both cores", "events", "events_per_second", "/s", goal="at least 100,000 /s")
    for task, label in (("full search", "full search, one core"), ("full search 256M", "the same, `--memory-max 256M`")):
        add(label, task, "queries_per_second", "/s")
        add(label + ", p50", task, "p50_ms", "ms", 2)
        add(label + ", p99", task, "p99_ms", "ms", 2, goal="at most 20 ms")
    add("restart to first answer", "restart", "first_answer_ms", "ms", goal="at most 2,000 ms")
    add("the index alone, opened, to first answer", "open", "first_answer_ms", "ms", 1)
    return table(["what", "measured", "goal", "peak MB"], rows)


def over_http(results, is_of=lambda task: task.startswith("http") and "meaning" not in task):
    rows = [[r["task"], number(r["connections"]), number(r["requests_per_second"]), number(r["p50_ms"], 2),
             number(r["p99_ms"], 2), number(r["refused"])] for r in results if is_of(r["task"])]
    return table(["run", "connections", "requests/s", "p50 ms", "p99 ms", "not 200"], rows)


def bars(results):
    """Two groups of bars, drawn by hand: no library is needed."""
    groups = [("queries per second, one core", "search", "queries_per_second"),
              ("listings indexed per second, one core", "index", "listings_per_second")]
    parts, y = [], 10
    for title, task, key in groups:
        values = [(e, r[key]) for e in ENGINES if (r := pick(results, e, task)) is not None]
        top = max(value for _, value in values)
        parts.append(f'<text x="10" y="{y + 14}" font-weight="bold">{title}</text>')
        y += 24
        for engine, value in values:
            width = max(2, 420 * value / top)
            parts.append(f'<text x="110" y="{y + 15}" text-anchor="end">{engine}</text>'
                         f'<rect x="118" y="{y}" width="{width:.1f}" height="20" fill="{COLOURS[engine]}"/>'
                         f'<text x="{118 + width + 6:.1f}" y="{y + 15}">{number(value)}</text>')
            y += 26
        y += 14
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {y}" font-family="sans-serif" font-size="13">'
            f'<rect width="640" height="{y}" fill="#fff"/>' + "".join(parts) + "</svg>\n")


def page(results):
    corpus, machine = pick(results, "handsel demo", "corpus"), pick(results, "machine", "machine")
    return f"""
{number(corpus['listings'])} listings of the demo (seed {corpus['seed']:.0f}, {number(corpus['corpus_bytes'] / 1e6)} MB of text,
{corpus['mean_terms']:.0f} words each on average), {number(corpus['queries'])} of its queries, ten results a query. Each engine in
processes of its own. On {machine['cpu']}, {machine['cores']} cores, {machine['memory']}, {machine['system']},
{machine['compiler']}; Handsel {machine['version']}. Repeat it with `make bench`.

### The same task for everyone

One text field, English stems, any of the query's words, BM25 with k1 1.2 and b 0.75, on one core (`taskset`), one
thread. Queries run once unmeasured, then three times. Agreement: share of an engine's ten that tantivy has too, and
share that score at least 99 % of tantivy's own tenth, for near ties may stand in any order. The goal is
twice tantivy and ten times Xapian. tantivy is called through its Python package; a query for a word that is nowhere costs {number(pick(results, 'tantivy', 'search')['call_overhead_ms'], 4) if pick(results, 'tantivy', 'search') else '(skipped)'} ms there.

{same_task(results)}

![Queries and listings per second](measured.svg)

### The whole engine

Seven fields, ranking, stored listings, durable log. Peak memory is that of the process, mapped files included.

{whole_engine(results)}

### Over HTTP, both cores

`handsel serve` and the load generator on the same machine; connections stay open, each sends the next request when it
has the answer. The goal is 500 requests/s at a p99 of 20 ms.

{over_http(results)}
"""


def main():
    results = read_results(sys.argv[1])
    folder = sys.argv[2]
    replace_section(os.path.join(folder, "measured.md"), "bench", page(results))
    with open(os.path.join(folder, "measured.svg"), "w", encoding="utf-8") as out:
        out.write(bars(results))


if __name__ == "__main__":
    main()
