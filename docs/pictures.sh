#!/usr/bin/env bash
# Remakes the pictures of the manual: docs/pictures/*.png.
#
#   docs/pictures.sh                     HEARTNET=… the binary, PORTAL=… the portal's folder
#
# Wants chromium, python3 and Japanese fonts; pngquant makes the files small, if it is there.
set -euo pipefail
docs=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$docs")
out=$docs/pictures
heartnet=${HEARTNET:-}
for guess in "$root"/target/{release,quick,debug}/heartnet; do
  [[ -n $heartnet ]] || { [[ -x $guess ]] && heartnet=$guess; } || true
done
heartnet=$(realpath "${heartnet:-$(command -v heartnet)}")
portal=$(realpath "${PORTAL:-$root}")
[[ -f $portal/heartnet.yaml ]] || { echo "PORTAL: there is no site in $portal" >&2; exit 2; }
today=2026-11-21
port=${PORT:-8899}
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$out" "$work/bin"
ln -s "$heartnet" "$work/bin/heartnet"
export PATH="$work/bin:$PATH" LANG=C.UTF-8 LC_ALL=C.UTF-8

shot() { # NAME WIDTH HEIGHT URL
  chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars \
    --user-data-dir="$work/chromium" --window-size="$2,$3" --screenshot="$work/$1.png" "$4" >/dev/null 2>&1
  if command -v pngquant >/dev/null; then
    pngquant --force --strip --speed 1 --output "$out/$1.png" 64 "$work/$1.png"
  else
    cp "$work/$1.png" "$out/$1.png"
  fi
}

serve() { # FOLDER
  [[ -z $server ]] || { kill "$server"; wait "$server" 2>/dev/null || true; }
  python3 -m http.server "$port" --bind 127.0.0.1 --directory "$1" >/dev/null 2>&1 &
  server=$!
  for _ in $(seq 50); do
    if python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/')" 2>/dev/null; then break; fi
    sleep 0.1
  done
}

# Runs commands as on a terminal and puts what they print on a page that looks like one.
terminal() { # FILE COMMAND…
  local file=$1
  shift
  {
    cat <<'HTML'
<!doctype html><html lang="ja"><meta charset="utf-8"><style>
body { margin: 0; background: #1e1e1e; color: #e8e8e8; padding: 20px 24px }
pre { margin: 0; font: 17px/1.55 "Noto Sans Mono CJK JP", "Noto Sans CJK JP", monospace; white-space: pre }
.red { color: #ff8577 } .yellow { color: #f5d76e } .blue { color: #8ab4f8 } .green { color: #8fdc9a }
.strong { font-weight: 700 } .typed { color: #fff; font-weight: 700 } .prompt { color: #9a9a9a }
em { font-style: normal; font-weight: 700; color: #1e1e1e; background: #ffd43d; border-radius: 50%; padding: 0 .25em }
</style><pre>
HTML
    local command
    for command in "$@"; do
      printf '<span class="prompt">&gt; </span><span class="typed">%s</span>\n' "$command"
      { script -qec "$command" /dev/null </dev/null || true; } | tr -d '\r' | sed \
        -e 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' \
        -e 's/\x1b\[1;31m/<span class="red strong">/g; s/\x1b\[1;33m/<span class="yellow strong">/g' \
        -e 's/\x1b\[1;32m/<span class="green strong">/g; s/\x1b\[34m/<span class="blue">/g' \
        -e 's/\x1b\[1m/<span class="strong">/g; s/\x1b\[0m/<\/span>/g' \
        -e 's/（読む [^）]*）//'
      echo
    done
  } >"$file"
}

# ---- the portal -------------------------------------------------------------------------------------
heartnet build --root "$portal" --out "$work/portal" --as-of "$today" >/dev/null
serve "$work/portal"
shot portal-home 1280 800 "http://127.0.0.1:$port/"
shot portal-home-360 360 960 "http://127.0.0.1:$port/"
shot event 1280 640 "http://127.0.0.1:$port/events/2026-winter-bazaar/"
shot month 1100 1180 "http://127.0.0.1:$port/events/2027-02/"

# ---- the site of hajimete.md ------------------------------------------------------------------------
cd "$work"
terminal "$work/init.html" "heartnet init mihon" "cd mihon" "heartnet check --root mihon"
sed -i 's/heartnet check --root mihon/heartnet check/' "$work/init.html"
cd mihon
sed -i "s/^schedule: .*/schedule: 2026-12-05/" content/events/spring-bazaar.md
sed -i "s/^date: .*/date: $today/" content/news/*.md content/reports/*.md

cat >content/products/kabocha-cookie.md <<'ENTRY'
---
name: かぼちゃクッキー
makers: [mihon-kobo]
category: 焼き菓子
price: 350
unit: 袋
min_order: 10
allergens: {contains: [卵, 乳], free_of: [えび, かに]}
---
畑でとれたかぼちゃを、皮ごと練りこみました。
ENTRY

# A photo, so that there is one to show.
cat >assets/cookie.svg <<'SVG'
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 300"><rect width="480" height="300" fill="#ffc199"/>
<ellipse cx="240" cy="170" rx="190" ry="98" fill="#e9e2da"/><ellipse cx="240" cy="160" rx="190" ry="98" fill="#fff"/>
<ellipse cx="240" cy="158" rx="142" ry="70" fill="#f5f0ea"/><g fill="#d99a4e" stroke="#a9702c" stroke-width="4">
<circle cx="178" cy="150" r="40"/><circle cx="302" cy="150" r="40"/><circle cx="240" cy="182" r="40"/>
<circle cx="240" cy="116" r="40"/></g><g fill="#7b4a1b"><circle cx="166" cy="140" r="5"/><circle cx="190" cy="160" r="5"/>
<circle cx="290" cy="140" r="5"/><circle cx="314" cy="160" r="5"/><circle cx="228" cy="106" r="5"/>
<circle cx="252" cy="126" r="5"/><circle cx="228" cy="174" r="5"/><circle cx="252" cy="194" r="5"/></g></svg>
SVG
sed -i 's|^delivery:|photos: [{file: cookie.svg, alt: 白い皿にのった丸いクッキー4枚, caption: 焼き上がりは毎朝10時です}]\n&|' content/products/mihon-cookie.md

# Two years of plans and the bazaars of the second, as in nittei.md.
cat >content/plans/last-year.md <<'ENTRY'
---
fiscal_year: 令和7
title: 令和7年度事業計画
sections:
  - title: 事業
    rows:
      - {what: ハートバザール, schedule: 年1回, note: 見本ホール}
      - {what: 職員研修, schedule: 10月3日(金)}
      - {what: 共同受注窓口の運営, schedule: 通年}
---
ENTRY
cat >content/plans/this-year.md <<'ENTRY'
---
fiscal_year: 令和8
title: 令和8年度事業計画
sections:
  - title: 事業
    rows:
      - {what: ハートバザール, schedule: 年2回, note: 見本ホール, event: [haru-bazaar, fuyu-bazaar]}
      - {what: 職員研修, schedule: 10月2日(金)}
      - {what: 先進地の視察, schedule: 2月(調整中)}
      - {what: 共同受注窓口の運営, schedule: 通年}
---
ENTRY
cat >content/events/haru-bazaar.md <<'ENTRY'
---
title: 春のハートバザール
kind: bazaar
schedule: 2026-05-16/2026-05-17
---
ENTRY
cat >content/events/fuyu-bazaar.md <<'ENTRY'
---
title: 冬のハートバザール
kind: bazaar
fiscal_year: 令和8
schedule: 調整中
---
ENTRY

# The sample of honbun.md, as it stands there.
sed -n '/^例: \*\*content\/pages\/honbun-mihon.md\*\*/,/^サイトでは/p' "$docs/honbun.md" |
  sed -n '/^```$/,/^```$/p' | sed '/^```$/d' >content/pages/honbun-mihon.md

heartnet build --out "$work/mihon-out" --as-of "$today" >/dev/null
serve "$work/mihon-out"
shot init 920 250 "file://$work/init.html"
shot first-page 1280 800 "http://127.0.0.1:$port/products/kabocha-cookie/"
shot photo-360 360 740 "http://127.0.0.1:$port/products/mihon-cookie/"
shot honbun 900 1060 "http://127.0.0.1:$port/honbun-mihon/"
shot plan 1000 964 "http://127.0.0.1:$port/plans/2026/"

# ---- a mistake --------------------------------------------------------------------------------------
cat >content/events/fuyu-bazaar.md <<'ENTRY'
---
title: 冬のハートバザール
kind: bazaar
schedule: 2026年12月5日(日)
---
ENTRY
terminal "$work/check.html" "heartnet check"
sed -i -e 's/^<span class="red strong">error/<em>1<\/em> &/; s/: <\/span>/&/' \
  -e 's/<span class="strong">\(2026年\)/<em>2<\/em> <span class="strong">\1/' \
  -e 's/\(content\/events[^ ]*\)$/\1 <em>3<\/em>/' \
  -e 's/^\(<span class="blue">4.*\)$/\1 <em>4<\/em>/' \
  -e 's/\(<span class="blue">=<\/span>\)/\1 <em>5<\/em>/' "$work/check.html"
shot check 1160 275 "file://$work/check.html"

# ---- a mistake in the page --------------------------------------------------------------------------
# The tests of the dev server take it (tests/browser/serve.test.mjs): it needs a browser that waits.
taken=${SCREENSHOTS:-$root/target/screenshots}/serve-problem-1280.png
if [[ -f $taken ]]; then
  pngquant --force --strip --speed 1 --output "$out/serve-problem.png" 64 "$taken" 2>/dev/null || cp "$taken" "$out/serve-problem.png"
fi

ls -l "$out"
