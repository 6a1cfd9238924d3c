#!/usr/bin/env python3
"""The dev server: from the write of a product until its new page is served.

    benches/serve.py HEARTNET SITE [--edits 11]

SITE is a folder with many products, such as `../shared/bench/build` writes with `--peers heartnet --work W`
(`W/heartnet-10000/site`). One of them gets a line at its end, each time another one, and is put back afterwards.
"""
import argparse, glob, http.client, os, statistics, subprocess, time

PORT = 8199


def get(path):
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    connection.request("GET", path)
    body = connection.getresponse().read()
    connection.close()
    return body


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("heartnet"), arguments.add_argument("site")
    arguments.add_argument("--edits", type=int, default=11)
    given = arguments.parse_args()
    command = [given.heartnet, "serve", "--root", given.site, "--port", str(PORT), "--as-of", "2026-04-01"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    server.stdout.readline()
    entries = sorted(glob.glob(given.site + "/content/products/*.md"))
    entry = entries[len(entries) // 8]
    page = f"/products/{os.path.basename(entry)[:-3]}/"
    before, took = open(entry).read(), []
    try:
        for number in range(given.edits):
            words = f"しるし{os.getpid()}-{number}"
            get(page)
            begun = time.time()
            open(entry, "w").write(f"{before}\n{words}\n")
            while words.encode() not in get(page):
                time.sleep(0.001)
            took.append((time.time() - begun) * 1000)
            time.sleep(0.3)
        memory = open(f"/proc/{server.pid}/status").read().split("VmHWM:")[1].split()[0]
        print(f"{len(entries)} products: median {statistics.median(took):.0f} ms ({', '.join(f'{one:.0f}' for one in took)}), {int(memory) // 1024} MB")
    finally:
        open(entry, "w").write(before)
        server.kill()


main()
