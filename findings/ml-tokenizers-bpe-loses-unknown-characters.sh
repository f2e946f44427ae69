#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1: a BpeTokenizer without an unknown token leaves out every character that its vocabulary lacks, and then
# merges across the gap as if its neighbours had stood side by side. One would guess an error, or at least two pieces.
# Seen with the pieces a, b, ab: "axb" gives the one token "ab", whose offsets say 0..2 of a text of three characters; "xyz" gives no token.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
printf '{"a":0,"b":1,"ab":2}' > vocab.json
printf '#version: 0.2\na b\n' > merges.txt
cat > app.cs <<'CS'
#:package Microsoft.ML.Tokenizers@2.0.1
using Microsoft.ML.Tokenizers;

using var vocabulary = File.OpenRead("vocab.json");
using var merges = File.OpenRead("merges.txt");
var tokenizer = BpeTokenizer.Create(vocabulary, merges);
foreach (string text in new[] { "ab", "axb", "xyz" })
    Console.WriteLine($"{text}: {string.Join(' ', tokenizer.EncodeToTokens(text, out _).Select(token => $"{token.Value} {token.Offset}"))}");
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'ab: ab 0..2\naxb: ab 0..2\nxyz: ' ] || { echo "changed" >&2; exit 1; }
