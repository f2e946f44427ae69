"""The side of Python's Jinja2 in the benchmark `prompts-side-by-side`: prints renders, seconds to render, seconds to parse and render."""
import copy
import hashlib
import json
import os
import sys
import time
from collections import Counter

import jinja2


def most_frequent(items):
    if not items:
        return None
    counts = Counter(items).most_common()
    return [item for item, count in counts if count == counts[0][1]]


path, rounds, cpu = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.sched_setaffinity(0, {cpu})
env = jinja2.Environment(loader=jinja2.BaseLoader())
env.globals["zip"] = zip
env.filters["choice"] = env.filters["random"] = lambda items: items[0]
env.filters["most_frequent"] = most_frequent

lines = [json.loads(line) for line in open(path, encoding="utf-8")]
sources = [line["jinja"] for line in lines]
examples = [{**line["example"], "answer_choices": line["expected_choices"]} for line in lines]
templates = [env.from_string(source) for source in sources]


def measure(render):
    best = float("inf")
    for _ in range(rounds + 1):  # the first round warms up
        fresh = copy.deepcopy(examples)  # some templates append to the lists of their example
        started = time.perf_counter()
        outputs = [render(i, fresh[i]) for i in range(len(fresh))]
        best = min(best, time.perf_counter() - started)
    return best, hashlib.sha256("\0".join(outputs).encode()).hexdigest()


rendering, checksum = measure(lambda i, example: templates[i].render(example))
both, _ = measure(lambda i, example: env.from_string(sources[i]).render(example))
print(len(lines), rendering, both, checksum, "Jinja2 %s on CPython %s" % (jinja2.__version__, sys.version.split()[0]))
