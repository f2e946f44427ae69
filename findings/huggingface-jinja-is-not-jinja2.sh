#!/usr/bin/env bash
# @huggingface/jinja 0.5.11 (npm) against Jinja2 3.1.2 (Debian's python3-jinja2) on lines that prompt templates hold. The package renders
# models' chat templates, so one would guess the filters' results to be Jinja2's; these differ, and no error says so.
# Seen, Jinja2's first: capitalize of "hELLO" gives Hello / HELLO; title of "it's" gives It's / It'S; -7 % 3 gives 2 / -1; a list prints
# with single / double quotes; true prints True / true; an emoji's length is 1 / 2; a line that holds only a tag leaves a line end / none.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
npm install --silent --no-fund --no-audit @huggingface/jinja@0.5.11 > npm.log 2>&1 || { cat npm.log >&2; exit 1; }
cat > cases.json <<'JSON'
["{{ 'hELLO' | capitalize }}", "{{ \"it's\" | title }}", "{{ -7 % 3 }}", "{{ ['yes', 'no'] }}", "{{ true }}", "{{ '\ud83d\ude00' | length }}", "a\n{% if true %}\nb\n{% endif %}", "{{ 1.0 }} {{ 7 // 2 }} {{ 'abc'[:2] }}"]
JSON
cat > port.mjs <<'JS'
import fs from 'node:fs';
import { Template } from '@huggingface/jinja';
for (const text of JSON.parse(fs.readFileSync('cases.json', 'utf8'))) console.log(JSON.stringify(new Template(text).render({})));
JS
cat > original.py <<'PY'
import json, jinja2
for text in json.load(open('cases.json')):
    print(json.dumps(jinja2.Template(text).render(), ensure_ascii=False))
PY
node port.mjs > port.txt
/usr/bin/python3 original.py > original.txt
paste original.txt port.txt
[ "$(paste original.txt port.txt | awk -F'\t' '$1 == $2' | wc -l)" = 1 ] && [ "$(wc -l < port.txt)" = 8 ] || { echo "changed" >&2; exit 1; }
