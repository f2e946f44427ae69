"""Random edits of real templates and examples with what Jinja2 renders for them, as lines that `nbk prompts check` compares.

    python3 prompts_differential.py conformance.jsonl [count] [seed] > cases.jsonl
    nbk prompts check cases.jsonl

An edit applies a filter, a method, a slice, an operator or a test to an expression of the template, wraps it into a loop, a condition or
an assignment, or changes white space control. Edits that Jinja2 cannot render are left out, as are texts with a memory address in them.
"""
import json
import random
import re
import signal
import sys
import warnings
from collections import Counter

import jinja2

warnings.simplefilter("ignore")
PIPES = "3ed2dface8203c4c9dfb1a5dc58e41e0"  # what promptsource stands in for ||| inside a field

FILTERS = [
    "join", 'join(", ")', "length", "lower", "upper", "capitalize", "title", "trim", 'trim(".,")', 'replace("a", "b")', 'replace(" ", "")', 'replace("e", "é", 1)',
    'default("", True)', 'default("x")', "first", "last", "unique|list", "list", "sort", "sort(reverse=True)", "reverse|list", "int", "float", "round", "round(1)", "round(0)",
    "abs", "min", "max", "sum", "string", "truncate(9)", "truncate(20, True)", "truncate(2048)", "wordcount", "wordwrap(20)", "center(20)", "indent", "batch(2)|list", "slice(2)|list",
    'map("lower")|join', 'map("upper")|list', 'map("length")|list', 'map(attribute="text")|list', 'map("capitalize")|list', 'map("trim")|join(",")', 'selectattr("text")|list',
    'select|list', 'reject("equalto", 1)|list', 'select("!=", 0)|list', 'select("string")|list', "tojson", "escape", "striptags", "urlencode", "format", "dictsort", "items|list", "pprint",
    "filesizeformat", "most_frequent", "choice", 'groupby("text")|list', 'attr("text")', "count", 'd("z")', "string|length",
]
METHODS = [
    ".split()", '.split(" ")', '.split(",")[0]', ".lower()", ".upper()", ".capitalize()", ".title()", ".strip()", '.strip(".")', ".lstrip()", '.rstrip("e")', '.replace("a", "b")',
    '.startswith("a")', '.endswith("e")', '.index("a")', '.find("a")', '.rfind("e")', '.count("e")', '.join(["a", "b"])', ".format(1, 2)", ".splitlines()", '.partition(" ")',
    '.rsplit(" ", 1)', ".swapcase()", ".isdigit()", ".isalpha()", ".isupper()", ".zfill(6)", '.center(10, "*")', ".ljust(12)", ".casefold()", ".append(1)", ".pop()", ".pop(0)", ".keys()",
    ".values()", ".items()", '.update({"q": 1})', '.get("text")', '.get("q", 5)', ".copy()", ".extend([1])", '.insert(0, "z")', ".reverse()", ".sort()", ".index(0)", ".count(1)",
]
PARTS = ["[0]", "[1]", "[-1]", "[-2]", "[1:]", "[:-1]", "[:2]", "[1:3]", "[1:-1]", "[-1:]", "[::2]", "[::-1]", "[2:1]", '["text"]', "[label]", "[:n]", "[5:]"]
OPERATORS = ["+", "-", "*", "/", "%", "//", "==", "!=", "<", ">", "<=", ">=", "in", "not in", "and", "or", "~"]
LITERALS = ["0", "1", "2", "-1", "3.5", '"a"', '"abc"', "[]", "[1, 2]", '["a"]', "{}", '{"a": 1}', "True", "False", "None", "(1,)", "1e3", "range(3)", "0.1", '""', "label", "answer_choices", "2.0"]
TESTS = ["defined", "none", "string", "number", "false", "sequence", "mapping", "iterable", "odd", "undefined", "in [1, 2]", "eq 1", "not none", "integer", "lower"]
VALUES = ["", None, 0, 1, 2.5, 1e16, 0.1, [], ["a", "b"], [1, 2], {"text": "q"}, [{"text": "b"}, {"text": "a"}], "x y z", True, "5", "  pad ", "A, B", "naïve — 😀 it's \"q\"", "a|||b"]
EXPRESSION = re.compile(r"(\{\{-?)(.*?)(-?\}\})", re.S)


def edit_expression(text):
    inner = text.strip()
    kind = random.random()
    if kind < 0.4:
        return f" {inner} | {random.choice(FILTERS)} "
    if kind < 0.65:
        return f" ({inner}){random.choice(PARTS + METHODS)} "
    if kind < 0.8:
        return f" {inner} {random.choice(OPERATORS)} {random.choice(LITERALS)} "
    if kind < 0.85:
        return f" {random.choice(LITERALS)} {random.choice(OPERATORS)} ({inner}) "
    if kind < 0.9:
        return f" ({inner}) is {random.choice(TESTS)} "
    if kind < 0.95:
        return f" {inner} if {random.choice(LITERALS)} else {random.choice(LITERALS)} "
    return f" not {inner} "


def wrap(text):
    return random.choice([
        "{% set kept = X %}{{ kept }}{{ kept }}",
        "{% for q in X %}{{ loop.index }}:{{ q }}{% if not loop.last %}, {% endif %}{% else %}none{% endfor %}",
        "{% for q in X %}{{ loop.previtem }}{{ loop.index0 }}{{ q }}{% endfor %}",
        "{% if X %}T{% else %}F{% endif %}",
        '{% set ns = namespace(a=[], b=0) %}{% for q in [1, 2, 3] %}{% set ns.b = ns.b + q %}{{ ns.a.append(X) or "" }}{% endfor %}{{ ns.b }}{{ ns.a }}',
    ]).replace("X", text.strip())


def edit(template):
    for _ in range(random.choice([1, 1, 1, 2, 2, 3])):
        expressions = list(EXPRESSION.finditer(template))
        kind = random.random()
        if kind < 0.7 and expressions:
            found = random.choice(expressions)
            template = template[: found.start(2)] + edit_expression(found.group(2)) + template[found.end(2) :]
        elif kind < 0.85 and expressions:
            found = random.choice(expressions)
            template = template[: found.start()] + wrap(found.group(2)) + template[found.end() :]
        else:
            tags = [m.end() for m in re.finditer(r"\{%|\{\{", template)] + [m.start() for m in re.finditer(r"%\}|\}\}", template)]
            at = random.choice(tags or [0])
            template = template[:at] + random.choice("-+-") + template[at:]
    return template


def most_frequent(items):
    if not items:
        return None
    counts = Counter(items).most_common()
    return [item for item, count in counts if count == counts[0][1]]


def render(env, line):
    example = {name: value.replace("|||", PIPES) if isinstance(value, str) else value for name, value in json.loads(json.dumps(line["example"])).items()}
    choices = None
    if line["answer_choices"] is not None:
        choices = [c.strip().replace(PIPES, "|||") for c in env.from_string(line["answer_choices"]).render(**example).split("|||")]
    return env.from_string(line["jinja"]).render(**{**example, "answer_choices": choices}).replace(PIPES, "|||")


def main():
    count, seed = int(sys.argv[2]) if len(sys.argv) > 2 else 10000, int(sys.argv[3]) if len(sys.argv) > 3 else 1
    random.seed(seed)
    env = jinja2.Environment(loader=jinja2.BaseLoader())
    env.globals["zip"] = zip
    env.filters["choice"] = lambda items: items[0]
    env.filters["most_frequent"] = most_frequent
    signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError()))
    lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
    rendered = 0
    for number in range(count):
        line = random.choice(lines)
        example = {name: random.choice(VALUES) if random.random() < 0.05 else value for name, value in line["example"].items()}
        case = {"key": f"{seed}/{number}", "jinja": edit(line["jinja"]), "answer_choices": line["answer_choices"], "example": example}
        try:
            signal.setitimer(signal.ITIMER_REAL, 2)
            case["expected"] = render(env, case)
        except Exception:
            continue
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if " at 0x" in case["expected"].lower() or "random" in case["jinja"]:
            continue
        rendered += 1
        print(json.dumps(case))
    print(f"{count} edits, {rendered} rendered by Jinja2 {jinja2.__version__}", file=sys.stderr)


main()
