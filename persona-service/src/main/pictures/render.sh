#!/bin/sh
# Renders the built-in personas' portraits (SVG, drawn for this project) to the 512x512 PNGs that
# persona-service ships. Needs a Chromium; MYBELLA_CHROMIUM names another one.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for svg in *.svg; do
  name=${svg%.svg}
  {
    printf '<!doctype html><style>body{margin:0;overflow:hidden}svg{display:block}</style>'
    cat "$svg"
  } >"$work/$name.html"
  "${MYBELLA_CHROMIUM:-chromium}" --headless --no-sandbox --disable-gpu --hide-scrollbars \
    --force-device-scale-factor=1 --window-size=512,512 \
    --screenshot="$work/$name.png" "file://$work/$name.html" >/dev/null 2>&1
  mv "$work/$name.png" "../resources/pictures/$name.png"
done
