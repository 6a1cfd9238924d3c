#!/bin/sh
# heartnet を取ってきて、動かします。使い方: sh .ci/heartnet.sh check
#
# CI の変数で、次のことを決めます。変数の置き場所は、CI のファイルのはじめに書いてあります。
#   HEARTNET_VERSION     使う版
#   HEARTNET_URL         heartnet を配っている所。この下の v版/heartnet-版-機械.tar.gz を取ります
#   HEARTNET_SHA256      その tar.gz の sha256（64けた）。配っている所の SHA256SUMS に書いてあります
#   HEARTNET_REPOSITORY  配っている所がないとき: heartnet の Git のアドレス。元からつくります（10分ほど。Rust が要ります）
set -eu

# CI の変数を決められない所では、ここの「=」のあとに書きます（変数があれば、変数のほうを使います）。
: "${HEARTNET_URL:=}"
: "${HEARTNET_SHA256:=}"

stop() {
  echo "heartnet を用意できません: $1" >&2
  exit 1
}

# もう入っていれば（コンテナーの中など）、それを使います。
if command -v heartnet >/dev/null 2>&1; then exec heartnet "$@"; fi

version=${HEARTNET_VERSION:-@VERSION@}
sum=${HEARTNET_SHA256:-}
home=.heartnet/bin
# 名前に sha256 の頭も入れて、前に取ったものを、まちがえて使わないようにします。
program=$home/heartnet-$version-$(printf '%.12s' "${sum:-source}")

if [ ! -x "$program" ]; then
  mkdir -p "$home"
  new=$(mktemp -d "$home/new.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  if [ -n "${HEARTNET_URL:-}" ]; then
    [ "${#sum}" -eq 64 ] || stop "変数 HEARTNET_SHA256 に、heartnet の tar.gz の sha256（64けた）を入れてください。"
    case "$(uname -s)-$(uname -m)" in
      Linux-x86_64) machine=x86_64-unknown-linux-musl ;;
      Linux-aarch64 | Linux-arm64) machine=aarch64-unknown-linux-musl ;;
      *) stop "この機械（$(uname -s) $(uname -m)）のための heartnet は、配っていません。" ;;
    esac
    address=${HEARTNET_URL%/}/v$version/heartnet-$version-$machine.tar.gz
    curl --fail --silent --show-error --location --proto '=https' --retry 3 --max-time 300 \
      --output "$new/heartnet.tar.gz" "$address" || stop "$address を取れませんでした。HEARTNET_URL と HEARTNET_VERSION を確かめてください。"
    echo "$sum  $new/heartnet.tar.gz" | sha256sum -c - >/dev/null 2>&1 ||
      stop "取ったファイルの sha256 が HEARTNET_SHA256 とちがいます。使わずにやめました。版を変えたときは、HEARTNET_SHA256 も変えてください。"
    tar -xzf "$new/heartnet.tar.gz" -C "$new"
    mv "$new/heartnet" "$program"
  elif [ -n "${HEARTNET_REPOSITORY:-}" ]; then
    cargo install --quiet --locked --git "$HEARTNET_REPOSITORY" --tag "v$version" --root "$new" heartnet ||
      stop "$HEARTNET_REPOSITORY から v$version をつくれませんでした。"
    mv "$new/bin/heartnet" "$program"
  else
    stop "変数 HEARTNET_URL と HEARTNET_SHA256 を決めてください（このファイルのはじめに説明があります）。"
  fi
  rm -rf "$new"
  trap - EXIT
fi
exec "$program" "$@"
