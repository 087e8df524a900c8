"""tantivy on the corpus: peer_tantivy.py index|search|score --folder F ...

tantivy is called through its Python package; `call_overhead_ms` is what a query for
a word that does not exist costs, so that the reader can take it off. English stems,
frequencies without positions, one thread, the top 10 by BM25 with its own defaults.
"""
import argparse
import json
import math
import os
import resource
import time

import tantivy

BATCH = 1000


def schema():
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", stored=False, tokenizer_name="en_stem", index_option="freq")
    return builder.build()


def report(**fields):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"engine": "tantivy", **fields, "peak_memory_bytes": peak}), flush=True)


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names)


def index(options):
    os.makedirs(options.folder, exist_ok=True)
    seconds, listings = 0.0, 0
    start = time.perf_counter()
    target = tantivy.Index(schema(), path=options.folder, reuse=False)
    writer = target.writer(heap_size=256 << 20, num_threads=1)
    seconds += time.perf_counter() - start
    with open(options.corpus, encoding="utf-8") as lines:
        while batch := [line for _, line in zip(range(BATCH), lines)]:
            rows = [line.rstrip("\n").split("\t", 1) for line in batch]
            start = time.perf_counter()
            for name, text in rows:
                writer.add_document(tantivy.Document(id=[name], text=[text]))
            seconds += time.perf_counter() - start
            listings += len(rows)
    start = time.perf_counter()
    writer.commit()
    writer.wait_merging_threads()
    seconds += time.perf_counter() - start
    report(task="index", version=tantivy.__version__.split(",")[0].removeprefix("tantivy v"), listings=listings, listings_per_second=listings / seconds,
           index_bytes=folder_bytes(options.folder))


class Engine:
    def __init__(self, folder):
        self.index = tantivy.Index.open(folder)
        self.searcher = self.index.searcher()

    def parse(self, text):
        words = "".join(c if c.isalnum() else " " for c in text)
        return self.index.parse_query(words.lower(), ["text"])

    def hits(self, text, limit):
        return self.searcher.search(self.parse(text), limit, count=False).hits

    def ids(self, hits):
        return [self.searcher.doc(address).get_first("id") for _, address in hits]


def percentile(values, share):
    values = sorted(values)
    return values[max(0, math.ceil(share * len(values)) - 1)]


def search(options):
    engine = Engine(options.folder)
    queries = open(options.queries, encoding="utf-8").read().splitlines()
    results = open(options.results, "w", encoding="utf-8") if options.results else None
    times, began = [], time.perf_counter()
    for timed in (False, True, True, True):
        for query in queries:
            if timed and time.perf_counter() - began > 120:
                break
            start = time.perf_counter()
            hits = engine.hits(query, 10)
            ids = engine.ids(hits)
            took = time.perf_counter() - start
            if timed:
                times.append(1000 * took)
            elif results:
                results.write("\t".join(ids) + "\n")
    start = time.perf_counter()
    for _ in range(1000):
        engine.hits("zzzzqqqqxxxx", 10)
    overhead = time.perf_counter() - start
    report(task="search", queries=len(times), queries_per_second=1000 * len(times) / sum(times),
           p50_ms=percentile(times, 0.5), p99_ms=percentile(times, 0.99), call_overhead_ms=overhead)


def score(options):
    """How another engine's top 10 looks to tantivy: shared ids, and those that score
    at least 99 % of tantivy's own tenth (near ties may stand in any order)."""
    engine = Engine(options.folder)
    queries = open(options.queries, encoding="utf-8").read().splitlines()
    others = open(options.results, encoding="utf-8").read().split("\n")
    overlap, equal, judged = 0.0, 0.0, 0
    for query, line in zip(queries, others):
        theirs = line.split("\t") if line else []
        hits = engine.hits(query, 200)
        if not hits or not theirs:
            continue
        scores = dict(zip(engine.ids(hits), (value for value, _ in hits)))
        ours = list(scores)[:10]
        floor = scores[ours[-1]] * 0.99
        judged += 1
        overlap += len(set(ours) & set(theirs)) / len(ours)
        equal += sum(scores.get(name, 0.0) >= floor for name in theirs[:len(ours)]) / len(ours)
    report(task="agreement", other=options.name, queries=judged, overlap_at_10=overlap / max(1, judged),
           equally_good_at_10=equal / max(1, judged))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["index", "search", "score"])
    for flag in ("folder", "corpus", "queries", "results", "name"):
        parser.add_argument("--" + flag, default="")
    chosen = parser.parse_args()
    {"index": index, "search": search, "score": score}[chosen.task](chosen)
