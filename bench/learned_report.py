"""Writes what scripts/bench measured of learned search into docs/reference/measured.md.

learned_report.py RESULTS.jsonl DOCS_FOLDER
"""
import os
import sys

from page import replace_section
from report import number, pick, read_results, table


def nearest_vectors(results):
    """Each engine at the least effort with which it finds 97 of the nearest 100."""
    searches = [r for r in results if r["task"] == "vectors search"]
    rows = []
    for engine in dict.fromkeys(r["engine"] for r in searches):
        good = [r for r in searches if r["engine"] == engine and r["recall_at_100"] >= 0.97]
        row = good[0] if good else max((r for r in searches if r["engine"] == engine), key=lambda r: r["recall_at_100"])
        build, opened = pick(results, engine, "vectors build") or {}, pick(results, engine, "vectors open") or {}
        rows.append([engine, f"{row['recall_at_100']:.4f}", number(row["effort"]), number(row["queries_per_second"]),
                     number(row["p50_ms"], 2), number(row["p99_ms"], 2), number(row["busy_p50_ms"], 2),
                     number(row["busy_p99_ms"], 2), number(build.get("bytes_a_vector")),
                     number(build.get("build_seconds")), number(opened.get("open_ms"), 1)])
    return table(["engine", "recall@100", "effort", "queries/s", "p50 ms", "p99 ms", "busy p50 ms", "busy p99 ms",
                  "bytes a vector", "built in s, both cores", "opened in ms"], rows)


# 20,000 vectors took bench_vectors_peer_faiss 16 s of processor time to link.
FAISS_HNSW_IS_MISSING = """faiss' HNSW was not measured in this run: linking takes it about as long as hnswlib (`bench_vectors_peer_faiss --index
hnsw` does it)."""


def vectors(results):
    build = pick(results, "handsel", "vectors build")
    if build is None:
        return "Nearest vectors: not measured."
    missing = "" if pick(results, "faiss HNSW", "vectors build") else "\n" + FAISS_HNSW_IS_MISSING + "\n"
    return f"""
{number(build['vectors'])} vectors of {number(build['dimensions'])} dimensions, in overlapping heaps (`bench/vectors_data.h`); one thread, each engine
with the least effort that finds 97 of the exact nearest 100. hnswlib and faiss keep single precision, 16 links,
and build with an effort of 200. Busy: time that the thread had a core. The goal is a p99 of 5 ms.

{nearest_vectors(results)}
{missing}"""


def trees(results):
    rows = [r for r in results if r["task"] == "trees" and r["engine"] in ("handsel", "xgboost in place", "xgboost matrix", "plain")]
    if not rows:
        return "Trees: not measured."
    out = []
    for r in rows:
        theirs = next(o for o in rows if o["engine"] == "xgboost in place" and o["depth"] == r["depth"])
        out.append([r["engine"], number(r["depth"]), number(r["p50_ms"], 2), number(r["p99_ms"], 2),
                    number(theirs["p50_ms"] / r["p50_ms"], 1)])
    return (f"{rows[0]['rows']:,.0f} rows, {rows[0]['features']:.0f} features, {rows[0]['trees']:.0f} trees, one thread, equal scores:\n\n" +
            table(["evaluator", "depth", "p50 ms", "p99 ms", "times XGBoost in place"], out))


def others(results):
    rows = []
    for r in results:
        if r["task"] == "graph build":
            rows.append([f"graph of {r['edges']:,.0f} directed edges", f"build {r['build_ms'] / 1000:.1f} s, {r['megabytes']:.0f} MB, open {r['open_ms']:.1f} ms"])
        elif "steps" in r and "hits_mean" in r:
            rows.append([f"{r['task']}, {r['steps']:,.0f} steps", f"p50 {r['p50_ms']:.2f} ms, p99 {r['p99_ms']:.2f} ms of CPU"])
        elif r["task"] == "profiles":
            rows.append(["profiles", f"{r['observed_per_second']:,.0f} events/s, a look {r['find_microseconds']:.1f} us, {r['bytes_a_person']:,.0f} bytes a person"])
        elif r["task"] == "counters":
            rows.append(["counters", f"{r['observed_per_second']:,.0f} events/s"])
        elif r["engine"] == "handsel two-tower":
            rows.append([f"our encoder, {r['task']}, {r['listings']:,.0f} listings", f"a query p50 {r['p50_ms']:.2f} ms, p99 {r['p99_ms']:.2f} ms, the goal is a p50 of 3 ms; {r['listings_per_second']:,.0f} listings/s on one core"])
        elif r["task"] == "imported encoder":
            rows.append([f"imported encoder, {r['dimensions']:.0f} dimensions", f"a query p50 {r['p50_ms']:.2f} ms, p99 {r['p99_ms']:.2f} ms of CPU; {r['listings_per_second']:.1f} listings/s on one core"])
    return table(["what", "measured"], rows) if rows else ""


def main(results_path, folder):
    results = read_results(results_path)
    machine = pick(results, "machine", "machine")
    text = f"""
{machine['cpu']}, {machine['cores']} cores, {machine['memory']}, {machine['system']}; {machine['compiler']};
version {machine['version']}. Repeat it with `scripts/bench --only learned`.

{vectors(results)}

{trees(results)}

{others(results)}
"""
    replace_section(os.path.join(folder, "measured.md"), "learned", text)


if __name__ == "__main__":
    main(*sys.argv[1:])
