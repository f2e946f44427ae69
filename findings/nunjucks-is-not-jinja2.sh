#!/usr/bin/env bash
# nunjucks 3.2.4 (npm), made after Jinja2, against Jinja2 3.1.2 (Debian's python3-jinja2) on lines that prompt templates hold. One would
# guess that what both accept means the same; JavaScript's rules show through instead, and no error says so.
# Seen, Jinja2's first: the last choice, choices[-1], is no / nothing; an empty list is false / true; 2.5 | round is 2.0 / 3;
# 4 / 2 is 2.0 / 2; ('a', 'b') is a tuple / the comma operator's b; a list prints ['yes', 'no'] / yes,no.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
npm install --silent --no-fund --no-audit nunjucks@3.2.4 > npm.log 2>&1 || { cat npm.log >&2; exit 1; }
cat > cases.json <<'JSON'
["{{ choices[-1] }}", "{% if [] %}some{% else %}none{% endif %}", "{{ 2.5 | round }}", "{{ 4 / 2 }}", "{{ ('a', 'b') }}", "{{ choices }}", "{{ choices | join(', ') }}"]
JSON
cat > port.cjs <<'JS'
const environment = new (require('nunjucks').Environment)(null, { autoescape: false });
for (const text of JSON.parse(require('fs').readFileSync('cases.json', 'utf8')))
  console.log(JSON.stringify(environment.renderString(text, { choices: ['yes', 'no'] })));
JS
cat > original.py <<'PY'
import json, jinja2
for text in json.load(open('cases.json')):
    print(json.dumps(jinja2.Template(text).render(choices=['yes', 'no'])))
PY
node port.cjs > port.txt
/usr/bin/python3 original.py > original.txt
paste original.txt port.txt
[ "$(paste original.txt port.txt | awk -F'\t' '$1 == $2' | wc -l)" = 1 ] && [ "$(wc -l < port.txt)" = 7 ] || { echo "changed" >&2; exit 1; }
