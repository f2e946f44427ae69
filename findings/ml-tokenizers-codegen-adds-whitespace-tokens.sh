#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1: CodeGenTokenizer.Create, the class that reads a GPT-2 vocabulary with its merges, adds 38 tokens of
# CodeGen's for runs of spaces and tabs, with ids 50257 to 50294, to whatever vocabulary it is given. A run of two spaces in a text
# becomes one of these ids, which lies outside a GPT-2 model's embedding (50257 rows), or outside any smaller one.
# Seen with a vocabulary of five pieces: "a  a" gives 0 50286 0, although the vocabulary holds the space as a piece of its own (id 2).
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
printf '{"a":0,"b":1,"\\u0120":2,"\\u0120a":3,"<|endoftext|>":4}' > vocab.json
printf '#version: 0.2\n\xc4\xa0 a\n' > merges.txt
cat > app.cs <<'CS'
#:package Microsoft.ML.Tokenizers@2.0.1
using Microsoft.ML.Tokenizers;

using var vocabulary = File.OpenRead("vocab.json");
using var merges = File.OpenRead("merges.txt");
var tokenizer = CodeGenTokenizer.Create(vocabulary, merges);
Console.WriteLine(string.Join(' ', tokenizer.EncodeToIds("a  a")));
CS
out=$(dotnet run app.cs)
echo "$out"
for id in $out; do [ "$id" -gt 50256 ] && exit 0; done
echo "changed: every id is one of the five pieces" >&2; exit 1
