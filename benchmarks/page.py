"""The page's speed in headless Chromium: first paint, cursor, glide, many clients, live, report.

    python benchmarks/page.py --json page.json --docs
    python benchmarks/page.py --only glide clients         # some of them
    python benchmarks/page.py --report runs/spheres        # the report of a study that was run
    python benchmarks/page.py --only-docs page.json        # the table from rows measured before

Chromium draws with SwiftShader, a rasteriser on the processor: no graphics card is used. Every row
says what is wanted, what was found and how. Rows of the same name in the JSON are replaced.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from docs_table import write_table

HERE = Path(__file__).resolve().parent
LAYERS, EPOCHS, POINTS, MANY = 10, 20, 2000, 50_000
FLAGS = [
    *("--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
]

# The moment at which cube and cloud are drawn, in milliseconds since the navigation began.
PAINTED = """(() => { const look = () => {
    const slide = window.lamella?.clouds?.a;
    const drawn = document.body?.dataset.ready === "1" && slide?.cloud && slide.renderer.n;
    if (drawn && document.querySelector("#panel-cube .body > *"))
        window.painted = performance.now();
    else requestAnimationFrame(look); };
    look(); })()"""

# A step of the cursor, from the key to the frame after both slides had their new places.
STEP = """async ([axis, by, forget]) => {
    await new Promise(done => setTimeout(done, 700));
    if (forget) ["cloud", "predictions", "cell", "vines", "maps"].forEach(lamella.source.drop);
    const slides = Object.values(lamella.clouds), before = slides.map(slide => slide.cloud);
    const begun = performance.now();
    lamella.step(axis, by);
    const waits = () => slides.some((slide, at) => slide.cloud === before[at]);
    while (waits() && performance.now() - begun < 9000)
        await new Promise(requestAnimationFrame);
    return performance.now() - begun; }"""

GLIDE = """async ([points, thin]) => {
    Object.assign(lamella.clouds.a.host.style,
        {position: "fixed", inset: 0, width: "1280px", height: "800px", zIndex: 50});
    await new Promise(done => setTimeout(done, 400));
    return lamella.benchCloud(lamella.clouds.a, points, {thin}); }"""


def row(what: str, wanted: str, found: str, how: str, **numbers: float) -> dict:
    """One line of the table; `numbers` are for those who read the JSON."""
    print(f"{what}: {found} (wanted {wanted}; {how})", flush=True)
    return {"what": what, "wanted": wanted, "found": found, "how": how, "numbers": numbers}


def record_run(path: Path) -> None:
    """A run of ten layers and twenty epochs on 2 x 1,000 probes, with one measure."""
    import lamella

    data = lamella.datasets.spheres(train_size=1000, test_size=1000, seed=0)
    net = lamella.models.perceptron((12,), 2, widths=(32,) * (LAYERS // 2), seed=0)
    probes = {
        name: (part.inputs, part.labels, part.ids)
        for name, part in (("train", data.train), ("test", data.test))
    }
    layers = [name for name, module in net.named_modules() if not list(module.children())][:LAYERS]
    moments = lamella.every(1)
    with lamella.record(
        path, net, probes, layers=layers, moments=moments, class_names=data.class_names
    ) as recorder:
        for epoch in lamella.train(net, data, epochs=EPOCHS - 1):
            recorder.epoch(train_loss=epoch.train_loss, test_accuracy=epoch.test_accuracy)
    lamella.measure(path, ["fisher_ratio"], jobs=2, progress=False)


@contextlib.contextmanager
def served(folder: Path, *more: str):
    """`lamella view` on a folder: its address."""
    command = [sys.executable, "-m", "lamella", "view", str(folder), "--json", *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield address_in(process.stdout)
    finally:
        process.terminate()
        process.wait(timeout=20)


def address_in(lines) -> str:
    text = ""
    for line in lines:
        text += line
        with contextlib.suppress(ValueError):
            return json.loads(text)["url"]
    raise SystemExit(f"lamella view ended: {text}")


@contextlib.contextmanager
def browser():
    """Headless Chromium with software rendering."""
    from playwright.sync_api import sync_playwright

    place = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as machine:
        chromium = machine.chromium.launch(executable_path=place, args=FLAGS)
        yield chromium
        chromium.close()


def opened(chromium, address: str, width: int = 1440, height: int = 900):
    """A fresh page, and milliseconds from the navigation to cube and cloud on the screen."""
    page = chromium.new_context(viewport={"width": width, "height": height}).new_page()
    page.add_init_script(PAINTED)
    page.goto(address)
    end = time.monotonic() + 60
    while not page.evaluate("window.painted ?? 0"):
        if time.monotonic() > end:
            raise SystemExit(f"{address} has not painted within a minute")
        page.wait_for_timeout(20)
    return page, page.evaluate("window.painted")


def first_paint(address: str) -> list[dict]:
    size = f"{LAYERS} layers x {EPOCHS} epochs x {POINTS} points"
    with browser() as chromium:
        times = [opened(chromium, address)[1] / 1e3 for _ in range(6)]
    how = f"{size}; median of 5 fresh pages, {times[0]:.2f} s the first after the server's start"
    found = median(times[1:])
    return [row("first paint", "<= 1.5 s", f"{found:.2f} s", how, seconds=found, first=times[0])]


def cursor(address: str) -> list[dict]:
    rows = []
    with browser() as chromium:
        page, _ = opened(chromium, address)
        for name, wanted, forget in (("there", 100, False), ("fetched", 300, True)):
            walk = [("epoch", -1)] * 4 + [("epoch", 1)] * 4 + [("layer", -1), ("layer", 1)] * 2
            times = [page.evaluate(STEP, [axis, by, forget]) for axis, by in walk]
            found, how = median(times), f"median of {len(times)} steps, slowest {max(times):.0f} ms"
            what = f"cursor move, data {name}"
            rows.append(row(what, f"<= {wanted} ms", f"{found:.0f} ms", how, milliseconds=found))
    return rows


def glide(address: str) -> list[dict]:
    rows = []
    for points, thin in ((1000, True), (MANY, True), (MANY, False)):
        with browser() as chromium:
            page, _ = opened(chromium, address + "#b=none&split=both", 1280, 800)
            found = page.evaluate(GLIDE, [points, thin])
        rate = found["framesPerSecond"]
        how = (
            f"{found['width']} x {found['height']}, drawing waited for {found['whole']:.0f} ms, "
            f"our script {found['script']:.1f} ms; {100 * found['drawn']:.0f} % of the points "
            "drawn while they move"
        )
        name = f"glide of {points:,} points" + ("" if thin else ", every point in every frame")
        rows.append(row(name, ">= 30 frames/s", f"{rate:.0f} frames/s", how, **found))
    return rows


def clients(address: str, count: int = 50) -> list[dict]:
    """Each asks as a page that opens and makes five moves; other answers than 200 are counted."""
    paths = asked_by_a_page(address)

    def client(_: int) -> tuple[int, float]:
        errors, slowest = 0, 0.0
        for path in paths:
            begun = time.perf_counter()
            errors += fetch(address + path)[0] != 200
            slowest = max(slowest, time.perf_counter() - begun)
        return errors, slowest

    begun = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        found = list(pool.map(client, range(count)))
    seconds, errors = time.perf_counter() - begun, sum(wrong for wrong, _ in found)
    slowest = max(slow for _, slow in found)
    how = (
        f"{count * len(paths)} requests in {seconds:.1f} s by {count} threads, "
        f"slowest {slowest:.2f} s"
    )
    numbers = {"errors": errors, "seconds": seconds, "slowest": slowest}
    return [row(f"{count} clients at once", "no error", f"{errors} errors", how, **numbers)]


def asked_by_a_page(address: str) -> list[str]:
    """The paths that a page asks for while it opens and the cursor makes five moves."""
    with browser() as chromium:
        page = chromium.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.wait_for_timeout(3000)
        for _ in range(5):
            page.keyboard.press("ArrowLeft")
            page.wait_for_timeout(600)
    own = [url.removeprefix(address) for url in asked if url.startswith(address)]
    return [path for path in own if not path.startswith("events")]


def fetch(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.status, answer.read()
    except OSError as error:
        return getattr(error, "code", 0), b""


TRAIN = """
import sys, time, lamella
data = lamella.datasets.spheres(train_size=2000, test_size=500, seed=0)
net = lamella.models.perceptron((12,), 2, widths=(48,) * 4, seed=0)
probes = {"train": (data.train.inputs[:500], data.train.labels[:500], data.train.ids[:500]),
          "test": (data.test.inputs, data.test.labels, data.test.ids)}
begun = time.perf_counter()
with lamella.record(sys.argv[1], net, probes, moments=lamella.every(5), overwrite=True,
                    class_names=data.class_names) as recorder:
    for epoch in lamella.train(net, data, epochs=150, batch_size=32):
        recorder.epoch(train_loss=epoch.train_loss)
print(time.perf_counter() - begun)
"""


def follow(_: str, repeats: int = 3) -> list[dict]:
    """Seconds of one training that is recorded, with nobody looking and with an open page."""
    alone, watched = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "live" / "seed-0"
        train(path)
        for _ in range(repeats):
            alone.append(train(path))
            with served(Path(folder)) as address, browser() as chromium:
                opened(chromium, address)
                watched.append(train(path))
    slower = 100 * (median(watched) / median(alone) - 1)
    how = (
        f"{median(alone):.1f} s alone, {median(watched):.1f} s with the page, server and browser "
        f"on the same {os.cpu_count()} cores, medians of {repeats}"
    )
    return [
        row(
            "a page that follows a live run", "< 5 % slower", f"{slower:.1f} %", how, percent=slower
        )
    ]


def train(path: Path) -> float:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", TRAIN, str(path)]
    return float(subprocess.check_output(command, env=environment, text=True).split()[-1])


def report(study: Path) -> list[dict]:
    """Size of a study's report, and seconds until it is ready from file://."""
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        path = Path(folder) / "report.html"
        runs = sorted(str(info.parent) for info in study.rglob("run.json"))
        command = [sys.executable, "-m", "lamella", "report", *runs, "-o", str(path)]
        subprocess.check_call(command, stdout=subprocess.DEVNULL)
        megabytes = path.stat().st_size / 1e6
        times = [opened(chromium, path.as_uri())[1] / 1e3 for _ in range(5)]
    ready = median(times)
    return [
        row(
            f"report of {study.name}",
            "<= 6 MB",
            f"{megabytes:.1f} MB",
            f"{len(runs)} runs",
            megabytes=megabytes,
        ),
        row("report ready", "<= 2 s", f"{ready:.2f} s", "from file://, median of 5", seconds=ready),
    ]


SERVED = {"paint": first_paint, "cursor": cursor, "glide": glide, "clients": clients}
ALONE = {"follow": follow}


def measured(only: list[str], study: Path | None) -> list[dict]:
    rows: list[dict] = []
    with tempfile.TemporaryDirectory() as folder:
        if set(only) & set(SERVED):
            record_run(Path(folder) / "deep" / "seed-0")
            with served(Path(folder), "--points", str(POINTS)) as address:
                for name in SERVED:
                    rows += SERVED[name](address) if name in only else []
    rows += follow("") if "follow" in only else []
    return rows + (report(study) if study else [])


def table(rows: list[dict]) -> str:
    lines = ["| what | wanted | found | how |", "|---|---|---|---|"]
    return "\n".join(
        lines + [f"| {r['what']} | {r['wanted']} | {r['found']} | {r['how']} |" for r in rows]
    )


def merged(old: list[dict], new: list[dict]) -> list[dict]:
    """New rows in the place of old ones of the same name."""
    return list({r["what"]: r for r in [*old, *new]}.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [*SERVED, *ALONE]
    parser.add_argument("--only", nargs="*", choices=names, default=names)
    parser.add_argument("--report", type=Path, help="a folder with the runs of a study")
    parser.add_argument("--json", type=Path, help="write the rows here, beside those already in it")
    parser.add_argument("--docs", action="store_true", help="write the table into docs")
    parser.add_argument(
        "--only-docs", type=Path, help="the table of these rows; nothing is measured"
    )
    options = parser.parse_args()
    if options.only_docs:
        return write_table("page", table(json.loads(options.only_docs.read_text())))
    rows = measured(options.only, options.report)
    if options.json:
        old = json.loads(options.json.read_text()) if options.json.exists() else []
        rows = merged(old, rows)
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    if options.docs:
        write_table("page", table(rows))
    return None


if __name__ == "__main__":
    main()
