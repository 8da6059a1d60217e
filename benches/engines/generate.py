#!/usr/bin/env python3
"""Facts for the six workloads, the same each time: generate.py WORKLOAD FOLDER [SCALE].

SCALE multiplies the size of the result, about; 1 is the size that docs/engine.md tells of.
"""

import math
import os
import random
import sys


def write(folder, name, rows):
    """Distinct rows in the order in which they were made, one a line, cells between tabs."""
    with open(os.path.join(folder, name + ".facts"), "w") as out:
        for row in dict.fromkeys(rows):
            out.write("\t".join(map(str, row)) + "\n")


def closure_random(folder, scale, r):
    """A graph with one large component: few rounds, large deltas."""
    nodes = int(1600 * math.sqrt(scale))
    write(folder, "edge", [(r.randrange(nodes), r.randrange(nodes)) for _ in range(nodes * 4)])


def closure_chain(folder, scale, r):
    """A chain with short cuts: many rounds, small deltas."""
    nodes = int(2490 * math.sqrt(scale))
    edges = []
    for node in range(nodes):
        edges.append((node, node + 1))
        if r.random() < 0.68:
            edges.append((node, node + 2))
    write(folder, "edge", edges)


def same_generation(folder, scale, r):
    """Layers of people who have two parents each in the next layer."""
    width, layers = int(285 * math.sqrt(scale)), 22
    rows = []
    for layer in range(layers - 1):
        for person in range(width):
            for _ in range(2):
                rows.append((layer * width + person, (layer + 1) * width + r.randrange(width)))
    write(folder, "parent", rows)


def points_to(folder, scale, r):
    """Statements of a program of C's kind: addresses, copies, loads and stores between nearby variables."""
    variables = int(7800 * scale)

    def near(v, spread=120):
        return min(variables - 1, max(0, v + r.randint(-spread, spread)))

    def some(count):
        return [(v, near(v)) for v in (r.randrange(variables) for _ in range(count))]

    write(folder, "address", some(variables // 5))
    write(folder, "copy", some(variables * 37 // 50))
    write(folder, "load", some(variables // 9))
    write(folder, "store", some(variables // 9))


def contexts(folder, scale, r):
    """An object-oriented program: classes, methods, virtual calls, fields; contexts are receivers."""
    classes = int(30 * scale)
    signatures, fields = 12, 6
    methods = classes * 6
    variables_of = 10
    alloc, move, store, load, call, actual, result = [], [], [], [], [], [], []
    heap_type, lookup, this, formal, returns = [], [], [], [], []
    heap = site = 0
    for cls in range(classes):
        for signature in range(signatures):
            lookup.append((cls, signature, cls * 6 + signature % 6 if r.random() < 0.5 else max(0, cls - cls % 8) * 6 + signature % 6))
    for method in range(methods):
        base = method * variables_of
        variable = lambda: base + r.randrange(variables_of)
        this.append((method, base))
        formal.append((method, base + 1))
        returns.append((method, base + 2))
        near = lambda: min(classes - 1, max(0, method // 6 + r.randint(-7, 7)))
        for _ in range(2):
            alloc.append((variable(), heap, method))
            heap_type.append((heap, near()))
            heap += 1
        for _ in range(5):
            move.append((variable(), variable()))
        for _ in range(1):
            store.append((variable(), r.randrange(fields), variable()))
            load.append((variable(), variable(), r.randrange(fields)))
        for _ in range(3):
            call.append((variable(), r.randrange(signatures), site))
            actual.append((site, variable()))
            result.append((site, variable()))
            site += 1
    write(folder, "entry", [(method,) for method in range(0, methods, 40)])
    for name, rows in [("alloc", alloc), ("move", move), ("store", store), ("load", load), ("call", call)]:
        write(folder, name, rows)
    for name, rows in [("actual", actual), ("result", result), ("heap_type", heap_type), ("lookup", lookup)]:
        write(folder, name, rows)
    for name, rows in [("this", this), ("formal", formal), ("returns", returns)]:
        write(folder, name, rows)


def compliance(folder, scale, r):
    """A large code base: functions with names and owners, calls, sources, sinks and sanitizers."""
    functions = int(200_000 * scale)
    package = 60
    words = ["load", "save", "send", "render", "parse", "check", "log", "train", "predict", "query"]
    names, calls = [], []
    for f in range(functions):
        at = f // package
        names.append((f, f"app{at % 97}.mod{at}.{words[r.randrange(10)]}_{words[r.randrange(10)]}_{f}", f"team{at % 211}"))
        for _ in range(3):
            if r.random() < 0.93:
                calls.append((f, at * package + r.randrange(package)))
            elif at % 4:
                calls.append((f, (at - 1) * package + r.randrange(package)))
    write(folder, "function", names)
    write(folder, "call", [(f, g) for f, g in calls if g < functions])
    write(folder, "source", [(f, f"http{f % 7}") for f in range(functions) if r.random() < 0.02])
    write(folder, "sink", [(f, ["db", "shell", "llm", "file"][f % 4]) for f in range(functions) if r.random() < 0.02])
    write(folder, "sanitizer", [(f,) for f in range(functions) if r.random() < 0.05])
    write(folder, "reviewed", [(f"team{t}",) for t in range(211) if t % 3])


WORKLOADS = {
    "closure_random": closure_random,
    "closure_chain": closure_chain,
    "same_generation": same_generation,
    "points_to": points_to,
    "contexts": contexts,
    "compliance": compliance,
}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in WORKLOADS:
        sys.exit(__doc__ + "\nWorkloads: " + ", ".join(WORKLOADS))
    os.makedirs(sys.argv[2], exist_ok=True)
    scale = float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
    WORKLOADS[sys.argv[1]](sys.argv[2], scale, random.Random(sys.argv[1]))
