"""What the local classifier costs beside the bare network: throughput, one message's wait, readiness and memory.

The bare session has the same settings as Ballast's (one thread, no spinning) and reads the same token batches in the
same run: each window alone, as Ballast reads it. Messages are the corpus's. Each line is a ratio or a share of its
limit, so that machines of any speed can be compared; the script fails where a limit is passed.

    python benchmarks/classifying.py
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script: the project lies one folder up

import numpy as np
from tokenizers import Tokenizer

from classifiers.corpus import read_corpus
from classifiers.encoder import open_session
from classifiers.local import LocalClassifier
from classifiers.model_file import MODEL, NETWORK, TOKENS
from classifiers.protocol import Context
from classifiers.scoring import readings
from classifiers.taxonomy import load_taxonomy

MESSAGES = 400
"""Messages are drawn from the whole corpus, at equal distances."""
BATCH = 32
ROUNDS = 21
"""With nine the median moved by two hundredths from run to run; with so many, two runs gave .86 and .87."""
LEAST_THROUGHPUT = 0.8
MOST_LATENCY, MORE_LATENCY = 1.5, 0.002
READY_WITHIN = 1.0
MOST_MEMORY = 350e6

READY = """
import sys, time
import classifiers.local
assert not {"onnxruntime", "tokenizers", "torch"} & set(sys.modules), "importing the package loaded a vendor"
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
context = Context(load_taxonomy())
started = time.perf_counter()
classifiers.local.LocalClassifier.load().classify(["The page is slow."], context)
print(time.perf_counter() - started)
"""

MEMORY = """
import psutil
from classifiers.corpus import read_corpus
from classifiers.local import LocalClassifier
from classifiers.protocol import Context
from classifiers.taxonomy import load_taxonomy
texts = [message.text for message in read_corpus()[::20]]
texts.append(" ".join(texts)[:40000])
LocalClassifier.load().classify(texts, Context(load_taxonomy()))
print(psutil.Process().memory_info().rss)
"""


def batches(texts: Sequence[str]) -> list[dict[str, np.ndarray]]:
    """Make the token batches that the network reads for these texts, each of one window, ready to run."""
    tokenizer = Tokenizer.from_file(str(MODEL / TOKENS))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    read = [readings(text)[0] for text in texts]  # as Ballast reads it, without what mail puts around the words
    ids = [np.array([encoding.ids], dtype=np.int64) for encoding in tokenizer.encode_batch(read)]
    return [{"input_ids": each, "attention_mask": np.ones_like(each)} for each in ids]


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = perf_counter()
    work()
    return perf_counter() - started


def throughput(texts: Sequence[str], local: LocalClassifier, context: Context) -> float:
    """Return how many messages Ballast reads while the bare session reads one; the median of a few rounds."""
    session, ready = open_session(MODEL / NETWORK), batches(texts)
    groups = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    shares = []
    for _ in range(ROUNDS):  # in turns, so that whatever else the machine does meets both
        bare = seconds(lambda: [session.run(None, batch) for batch in ready])
        shares.append(bare / seconds(lambda: [local.classify(group, context) for group in groups]))
    return median(shares)


def latencies(texts: Sequence[str], local: LocalClassifier, context: Context) -> tuple[float, float]:
    """Return the median seconds of one message: of the bare session, and of Ballast."""
    session = open_session(MODEL / NETWORK)
    bare, ours = [], []
    for text, batch in zip(texts, batches(texts), strict=True):
        bare.append(seconds(lambda batch=batch: session.run(None, batch)))
        ours.append(seconds(lambda text=text: local.classify([text], context)))
    return median(bare), median(ours)


def printed_by(script: str) -> float:
    """Run a script in a process of its own and return the number that it prints."""
    root = Path(__file__).parents[1]
    ran = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    return float(ran.stdout)


def main() -> None:
    """Measure all, print each with its limit, and fail where one is passed."""
    corpus = read_corpus()
    texts = [message.text for message in corpus[:: len(corpus) // MESSAGES][:MESSAGES]]
    local, context = LocalClassifier.load(), Context(load_taxonomy())
    local.classify(texts[:BATCH], context)
    share = throughput(texts, local, context)
    print(f"batch throughput, as a share of the bare session's: {share:.2f} (at least {LEAST_THROUGHPUT})")
    bare, ours = latencies(texts, local, context)
    limit = MOST_LATENCY * bare + MORE_LATENCY
    print(f"one message, beside the bare session: {ours / bare:.2f} times; {ours / limit:.2f} of 1.5 times plus 2 ms")
    ready = printed_by(READY)
    print(f"ready at first use, as a share of a second: {ready / READY_WITHIN:.2f}")
    memory = printed_by(MEMORY)
    print(f"resident memory, as a share of 350 MB: {memory / MOST_MEMORY:.2f}")
    passed = share >= LEAST_THROUGHPUT and ours <= limit and ready <= READY_WITHIN and memory < MOST_MEMORY
    sys.exit(0 if passed else "A limit was passed; see above.")


if __name__ == "__main__":
    main()
