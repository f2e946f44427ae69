#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1: BertTokenizer.Create finds its special tokens in any case, so that a text which only writes "[mask]" or
# "[cls]" gets the mask's or the start's id. BERT's own tokenizer knows these tokens in upper case alone: "[mask]" is a bracket, a word
# and a bracket there, and a corpus that talks about masks is safe.
# Seen: "a [MASK] b" and "a [mask] b" give the same ids, though the vocabulary holds "[", "mask" and "]".
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' a b mask cls '[' ']' > vocab.txt
cat > app.cs <<'CS'
#:package Microsoft.ML.Tokenizers@2.0.1
using Microsoft.ML.Tokenizers;

using var vocabulary = File.OpenRead("vocab.txt");
var tokenizer = BertTokenizer.Create(vocabulary);
foreach (string text in new[] { "a [MASK] b", "a [mask] b", "[cls] a" })
    Console.WriteLine(string.Join(' ', tokenizer.EncodeToIds(text)));
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'2 5 4 6 3\n2 5 4 6 3\n2 2 5 3' ] || { echo "changed" >&2; exit 1; }
