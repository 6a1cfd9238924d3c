#!/usr/bin/env python3
"""Photos: heartnet beside sharp, the same photos, the same widths and formats, cold; then warm.

    benches/photos.py HEARTNET FOLDER-OF-JPEGS FOLDER-WITH-SHARP [--runs 3] [--hugo HUGO] [--keep]

FOLDER-WITH-SHARP is one in which `npm i sharp` was run. heartnet makes cards besides (three widths more, cut to 7:5);
sharp is given the same. In turns, since the machine is noisy; the quotient of the smallest times is what counts.
"""
import argparse, glob, os, shutil, subprocess, tempfile, time

SHARP = """
import sharp from "sharp"; import { readdirSync } from "node:fs"; import path from "node:path";
const [,, dir, out] = process.argv;
sharp.cache(false);
const files = readdirSync(dir).map((name) => path.join(dir, name));
const one = async (file) => {
  const stem = path.parse(file).name;
  const photo = sharp(file).rotate();
  const sizes = [...[480, 800, 1200, 1600].map((width) => [width, "", photo.clone().resize({ width })]),
    ...[320, 480, 640].map((width) => [width, "c", photo.clone().resize({ width, height: Math.round(width * 5 / 7), fit: "cover" })])];
  await Promise.all(sizes.flatMap(([width, cut, small]) => [
    small.clone().webp({ quality: 80 }).toFile(`${out}/${stem}-${width}${cut}.webp`),
    small.clone().jpeg({ quality: 80 }).toFile(`${out}/${stem}-${width}${cut}.jpg`)]));
};
const left = [...files];
await Promise.all([0, 1].map(async () => { for (let file; (file = left.shift());) await one(file); }));
"""
# Hugo makes them as its templates ask for them, on all cores.
HUGO = """{{ range (.Resources.Match "*.jpg") }}{{ $up := . | images.Filter images.AutoOrient }}
{{ range (slice 480 800 1200 1600) }}{{ ($up.Resize (printf "%dx webp q80" .)).RelPermalink }} {{ ($up.Resize (printf "%dx jpg q80" .)).RelPermalink }}
{{ end }}{{ range (slice 320 480 640) }}{{ $size := printf "%dx%.0f" . (math.Round (div (mul . 5.0) 7)) }}{{ ($up.Fill (printf "%s webp q80" $size)).RelPermalink }} {{ ($up.Fill (printf "%s jpg q80" $size)).RelPermalink }}
{{ end }}{{ end }}"""
PRODUCT = """---
name: 商品%d
makers: [mihon]
category: 焼き菓子
price: {amount: 300, tax: 8}
unit: 袋
photos: [{file: photo.jpg, alt: 白い皿の上の焼き菓子}]
---
本文
"""
FACILITY = "---\nname: みほん工房\nkana: みほんこうぼう\nkinds: [就労継続支援B型]\narea: 見本市\n---\n本文\n"


def site(heartnet, root, photos):
    subprocess.run([heartnet, "init", root], check=True, capture_output=True)
    open(f"{root}/content/facilities/mihon.md", "w").write(FACILITY)
    for number, photo in enumerate(photos):
        os.makedirs(f"{root}/content/products/p{number}")
        open(f"{root}/content/products/p{number}/index.md", "w").write(PRODUCT % number)
        shutil.copy(photo, f"{root}/content/products/p{number}/photo.jpg")
        os.utime(f"{root}/content/products/p{number}/photo.jpg", (1_700_000_000, 1_700_000_000))


def hugo_site(root, photos):
    """One page for each photo, so that Hugo has something to share among its cores."""
    os.makedirs(f"{root}/layouts/_default"), os.makedirs(f"{root}/content/p")
    open(f"{root}/hugo.toml", "w").write('baseURL = "https://example.jp/"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap", "home", "section"]\n')
    open(f"{root}/layouts/_default/single.html", "w").write(HUGO)
    for number, photo in enumerate(photos):
        os.makedirs(f"{root}/content/p/p{number}")
        open(f"{root}/content/p/p{number}/index.md", "w").write("---\ntitle: p\n---\n")
        shutil.copy(photo, f"{root}/content/p/p{number}/")


def timed(command, **more):
    begun = time.time()
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], capture_output=True, text=True, **more)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.time() - begun, int(done.stderr.strip().split("\n")[-1]) // 1024, done.stdout


def size(pattern):
    return sum(os.path.getsize(name) for name in glob.glob(pattern, recursive=True))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("heartnet"), arguments.add_argument("photos"), arguments.add_argument("sharp")
    arguments.add_argument("--runs", type=int, default=3), arguments.add_argument("--hugo"), arguments.add_argument("--keep", action="store_true")
    given = arguments.parse_args()
    photos = sorted(glob.glob(given.photos + "/*.jpg"))
    room = tempfile.mkdtemp()
    root, out, cache = f"{room}/site", f"{room}/sharp", f"{room}/cache"
    site(os.path.abspath(given.heartnet), root, photos)
    script = f"{given.sharp}/photos-bench.mjs"
    open(script, "w").write(SHARP)
    build = [os.path.abspath(given.heartnet), "build", "--root", root, "--as-of", "2026-04-01"]
    environment = dict(os.environ, HEARTNET_CACHE=cache)
    times = {"heartnet": [], "sharp": [], "warm": []}
    if given.hugo:
        times["hugo"] = []
        hugo_site(f"{room}/hugo", photos)
    for _ in range(given.runs):
        shutil.rmtree(cache, ignore_errors=True), shutil.rmtree(f"{root}/public", ignore_errors=True)
        took, memory, _ = timed(build, env=environment)
        times["heartnet"].append(took)
        shutil.rmtree(out, ignore_errors=True), os.makedirs(out)
        took, of_sharp, _ = timed(["node", script, os.path.abspath(given.photos), out])
        times["sharp"].append(took)
        if given.hugo:
            for made in ("public", "resources", "cache"):
                shutil.rmtree(f"{room}/hugo/{made}", ignore_errors=True)
            command = [given.hugo, "--source", f"{room}/hugo", "--cacheDir", f"{room}/hugo/cache", "--quiet"]
            took, of_hugo, _ = timed(command)
            times["hugo"].append(took)
        warm, _, said = timed(build, env=environment)
        times["warm"].append(warm)
    print(f"{len(photos)} photos, 14 pictures of each; seconds, smallest (all)")
    for name, all_ in times.items():
        print(f"  {name:9} {min(all_):6.2f}  ({', '.join(f'{one:.2f}' for one in all_)})")
    print(f"  sharp / heartnet: {min(times['sharp']) / min(times['heartnet']):.2f}; peak memory {memory} MB, sharp {of_sharp} MB")
    if given.hugo:
        print(f"  hugo / heartnet: {min(times['hugo']) / min(times['heartnet']):.2f}; hugo's memory {of_hugo} MB")
        for ending in ("webp", "jpg"):
            print(f"  {ending}: hugo {size(f'{room}/hugo/public/**/*_*.{ending}'):,} bytes")
    for ending in ("webp", "jpg"):
        print(f"  {ending}: heartnet {size(f'{root}/public/assets/products/**/*.{ending}'):,} bytes, sharp {size(f'{out}/*.{ending}'):,}")
    print("  " + said.strip().split("\n")[0])
    if given.keep:
        return print(f"  {room}")
    shutil.rmtree(room)


main()
