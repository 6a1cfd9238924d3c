#!/usr/bin/env python3
"""How long a build takes from nothing, with nothing changed, and after one edit.

    python3 benches/incremental.py HEARTNET SITE [--runs 3] [--as-of 2026-04-01]

SITE is a folder that may be written to (its first product gets a line more each time, and is put back). Output and
cache lie in a folder of their own beside it. Builds of one round follow each other, so rounds are comparable and
times alone are not: what counts are the ratios."""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("heartnet")
    ap.add_argument("site", type=pathlib.Path)
    ap.add_argument("--runs", type=int, default=3)
    ap.add_argument("--as-of", default="2026-04-01")
    o = ap.parse_args()
    room = pathlib.Path(tempfile.mkdtemp(prefix="incremental-", dir=o.site.resolve().parent))
    env = dict(os.environ, HEARTNET_CACHE=str(room / "cache"))

    def build():
        begun = time.time()
        done = subprocess.run(
            [o.heartnet, "build", "--root", o.site, "--out", room / "out", "--as-of", o.as_of],
            env=env, capture_output=True, text=True, check=True)
        return time.time() - begun, done.stdout.strip().splitlines()[-1]

    page = sorted((o.site / "content" / "products").rglob("*.md"))[0]
    text = page.read_text(encoding="utf-8")
    times = {"from nothing": [], "nothing changed": [], "one product edited": []}
    try:
        for run in range(o.runs):
            for part in ("out", "cache"):
                shutil.rmtree(room / part, ignore_errors=True)
            for name in times:
                if name == "one product edited":
                    page.write_text("%s\n書き足した文%d。\n" % (text.rstrip(), run), encoding="utf-8")
                # Files that were changed within two seconds are not believed.
                time.sleep(2.2)
                took, line = build()
                times[name].append(took)
                print("%-20s %6.2f  %s" % (name, took, line), flush=True)
    finally:
        page.write_text(text, encoding="utf-8")
        shutil.rmtree(room, ignore_errors=True)
    cold = statistics.median(times["from nothing"])
    for name, all_of in times.items():
        middle = statistics.median(all_of)
        print("%-20s median %6.2f s, 1/%.1f of a build from nothing" % (name, middle, cold / middle))


main()
