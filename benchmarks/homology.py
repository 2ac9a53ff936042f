"""Persistent homology side by side with gudhi, giotto-ph and ripser.py.

    python benchmarks/homology.py --dimension 1 --sizes 500 1000 --json rows.json --docs
    python benchmarks/homology.py --batch                  # 200 clouds of 500 points, 2 threads
    python benchmarks/homology.py --layers lenet.npz       # layers of a net of your own
    python benchmarks/homology.py --only-docs rows.json    # the table from rows measured before

Each pair (ours, one peer) runs in a process of its own, warmed up, one thread each; times are
medians. A peer that takes longer than --limit seconds is written as null, and not asked again for
more points of the same cloud; `peers_over` says how long it had worked by then, and where no peer
ended, `ratio_at_least` is the shortest of these times over ours. The memory is the growth of the
peak over the warm process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path
from statistics import geometric_mean, median

import numpy as np
from clouds import CLOUDS, make_cloud
from docs_table import write_table

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "out"
PEERS = ("gudhi", "giotto-ph", "ripser")
NOBODY = "nobody"  # ours alone, where no peer is fast enough to be asked


def ours(points, dimension):
    from lamella.homology import homology

    diagrams = homology(points, dimension)
    return [diagrams.bars(k) for k in range(dimension + 1)]


def gudhi(points, dimension):
    from gudhi.sklearn import RipsPersistence

    rips = RipsPersistence(list(range(dimension + 1)), homology_coeff_field=2, n_jobs=1)
    return [np.asarray(rows).reshape(-1, 2) for rows in rips.fit_transform([points])[0]]


def giotto(points, dimension):
    from gph import ripser_parallel

    return ripser_parallel(points, maxdim=dimension, n_threads=1)["dgms"]


def ripser(points, dimension):
    from ripser import ripser as run

    return run(points, maxdim=dimension)["dgms"]


RUN = {"ours": ours, "gudhi": gudhi, "giotto-ph": giotto, "ripser": ripser}


CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def timed(function, *arguments, clock: str = "wall", budget: float = 1.5):
    """Median seconds of up to seven calls within a budget, the result, and megabytes of growth."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, result = [], None
    while len(seconds) < 7 and (not seconds or sum(seconds) < budget):
        started = CLOCKS[clock]()
        result = function(*arguments)
        seconds.append(CLOCKS[clock]() - started)
    if len(seconds) > 2:
        seconds = seconds[1:]  # the first call of this size takes its memory from the system
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return median(seconds), result, grown


def agree(ours, theirs) -> bool:
    """The same bars up to the rounding of the peer's own distances.

    A peer rounds its distances in its own way: bars are matched in sorted order to 1e-5 of the
    scale, and bars as short as that are left out on both sides.
    """
    scale = max([float(r[np.isfinite(r)].max(initial=0)) for r in theirs])
    for a, b in zip(ours, theirs, strict=True):
        a, b = (np.float64(r)[np.diff(np.float64(r), axis=1)[:, 0] > 1e-5 * scale] for r in (a, b))
        if len(a) != len(b):
            return False
        for column in range(2):
            x, y = np.sort(a[:, column]), np.sort(b[:, column])
            if not np.allclose(x, y, rtol=0, atol=2e-5 * scale):
                return False
    return True


def work(name: str, n: int, dimension: int, peer: str, clock: str, layers: str | None) -> None:
    """One process: ours, then the peer; each finding is printed as soon as it is there."""
    warnings.simplefilter("ignore")
    points = np.load(layers)[name][:n] if layers else make_cloud(name, n, FOLDER)
    points = np.ascontiguousarray(points.reshape(len(points), -1), np.float64)
    few = np.random.default_rng(0).random((20, 3))
    for function in {ours, RUN.get(peer, ours)}:
        function(few, dimension)
    seconds, bars, mb = timed(ours, points, dimension, clock=clock)
    print(json.dumps({"ours_seconds": seconds, "ours_mb": mb, "at": time.time()}), flush=True)
    if peer == NOBODY:
        return
    theirs, peer_bars, peer_mb = timed(RUN[peer], points, dimension, clock=clock)
    result = {"seconds": theirs, "mb": peer_mb, "agree": agree(bars, peer_bars)}
    print(json.dumps(result), flush=True)


def measure(name, n, dimension, peers, limit, clock, layers) -> dict:
    """A row of the table."""
    own, agreed, over = [], [], {}
    theirs, sizes = dict.fromkeys(PEERS), dict.fromkeys(PEERS)
    for peer in [p for p in PEERS if p in peers] or [NOBODY]:
        command = [sys.executable, __file__, "--worker", name, str(n), str(dimension), peer, clock]
        process = subprocess.Popen(
            command + ([layers] if layers else []), stdout=subprocess.PIPE, text=True
        )
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            peers.discard(peer)
        lines = [json.loads(line) for line in output.splitlines()]
        own += lines[:1]
        if len(lines) == 1 and process.returncode < 0:
            over[peer] = time.time() - lines[0]["at"]
        if len(lines) > 1:
            theirs[peer], sizes[peer] = lines[1]["seconds"], lines[1]["mb"]
            agreed.append(lines[1]["agree"])
    seconds = median(r["ours_seconds"] for r in own) if own else None
    best = min((s for s in theirs.values() if s), default=None)
    return {
        "cloud": name,
        "n": n,
        "dimension": dimension,
        "ours_seconds": seconds,
        "peers": theirs,
        "peers_over": over,
        "ratio_to_best": best / seconds if best and seconds else None,
        "ratio_at_least": min(over.values()) / seconds if over and seconds and not best else None,
        "agree": all(agreed) if agreed else None,
        "ours_mb": max((r["ours_mb"] for r in own), default=None),
        "peers_mb": sizes,
    }


def batch(clouds: int = 200, n: int = 500) -> dict:
    """Many clouds over two threads, against gudhi with two."""
    from gudhi.sklearn import RipsPersistence

    from lamella.homology import homology_many

    rng = np.random.default_rng(0)
    names = ("mlp_early", "mlp_mid", "mlp_late", "tanh_late")
    whole = {name: make_cloud(name, 4000, FOLDER) for name in names}
    many = [whole[names[k % 4]][rng.choice(4000, n, replace=False)] for k in range(clouds)]
    homology_many(many[:4], threads=2)
    seconds, diagrams, _ = timed(lambda: homology_many(many, threads=2))
    peer = RipsPersistence([0, 1], homology_coeff_field=2, n_jobs=2)
    started = time.perf_counter()
    theirs = peer.fit_transform(many)
    taken = time.perf_counter() - started
    agreed = all(
        agree([d.bars(0), d.bars(1)], [np.reshape(r, (-1, 2)) for r in rows])
        for d, rows in zip(diagrams, theirs, strict=True)
    )
    return {
        "cloud": f"{clouds} activation clouds, 2 threads",
        "n": n,
        "dimension": 1,
        "ours_seconds": seconds,
        "peers": {"gudhi": taken, "giotto-ph": None, "ripser": None},
        "ratio_to_best": taken / seconds,
        "agree": agreed,
        "ours_mb": None,
        "peers_mb": {},
    }


def table(rows: list[dict]) -> str:
    """The rows as Markdown, below the least, the mean and the greatest ratio."""
    lines = summary(rows)
    lines.append(
        "| cloud | n | up to | lamella | gudhi | giotto-ph | ripser.py | ratio | agree | MB |"
    )
    lines.append("|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        over = row.get("peers_over", {})
        peers = " | ".join(in_seconds(row["peers"].get(p), over.get(p)) for p in PEERS)
        ratio = f"{row['ratio_to_best']:.1f}x" if row["ratio_to_best"] else ""
        if row.get("ratio_at_least"):
            ratio = f"> {row['ratio_at_least']:.0f}x"
        mb = "" if row["ours_mb"] is None else f"{row['ours_mb']:.0f}"
        said = {True: "yes", False: "NO", None: ""}[row["agree"]]
        start = f"| {row['cloud']} | {row['n']} | H{row['dimension']} "
        lines.append(
            f"{start}| {in_seconds(row['ours_seconds'])} | {peers} | {ratio} | {said} | {mb} |"
        )
    return "\n".join(lines)


def summary(rows: list[dict]) -> list[str]:
    """A line for each dimension, with an empty one behind it."""
    lines = []
    for dimension in sorted({row["dimension"] for row in rows}):
        ratios = [
            r["ratio_to_best"] for r in rows if r["dimension"] == dimension and r["ratio_to_best"]
        ]
        if ratios:
            least, mean = min(ratios), geometric_mean(ratios)
            lines += [
                f"Up to H{dimension}: least {least:.1f}x, geometric mean {mean:.1f}x, "
                f"greatest {max(ratios):.0f}x the fastest peer.",
                "",
            ]
    return lines


def in_seconds(value: float | None, over: float | None = None) -> str:
    if value is None:
        return f"> {over:.0f} s" if over else "-"
    return f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"


def merged(old: list[dict], new: list[dict]) -> list[dict]:
    """New rows replace old ones of the same cloud, size and dimension."""
    rows = {(r["dimension"], r["cloud"], r["n"]): r for r in [*old, *new]}
    return [rows[key] for key in sorted(rows)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worker", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--dimension", type=int, default=1)
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 1000])
    parser.add_argument("--clouds", nargs="+", default=list(CLOUDS))
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    parser.add_argument("--limit", type=float, default=40.0, help="seconds for one pair")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu: on a busy machine")
    parser.add_argument("--batch", action="store_true")
    parser.add_argument("--layers", help="an npz file of activations to measure")
    parser.add_argument("--json", help="write the rows here, beside those already in it")
    parser.add_argument("--docs", action="store_true", help="write the table into docs")
    parser.add_argument("--only-docs", help="write the table of these rows and measure nothing")
    options = parser.parse_args()
    if options.worker:
        name, n, dimension, peer, clock, *layers = options.worker
        work(name, int(n), int(dimension), peer, clock, layers[0] if layers else None)
        return
    if options.only_docs:
        write_table("homology", table(json.loads(Path(options.only_docs).read_text())))
        return
    clouds = list(np.load(options.layers).files) if options.layers else options.clouds
    rows = [] if not options.batch else [batch()]
    for name in [] if options.batch else clouds:
        peers = set(options.peers)
        for n in options.sizes:
            row = measure(
                name, n, options.dimension, peers, options.limit, options.clock, options.layers
            )
            rows.append(row)
            print(table([row]).splitlines()[-1], flush=True)
            save(options.json, rows)
    if options.batch:
        print(table(rows))
        save(options.json, rows)
    if options.docs:
        write_table(
            "homology", table(json.loads(Path(options.json).read_text()) if options.json else rows)
        )


def save(path: str | None, rows: list[dict]) -> None:
    if path:
        old = json.loads(Path(path).read_text()) if Path(path).exists() else []
        Path(path).write_text(json.dumps(merged(old, rows), indent=1) + "\n")


if __name__ == "__main__":
    main()
