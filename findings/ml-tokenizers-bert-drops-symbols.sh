#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1: BertTokenizer.Create drops the characters $ < = > + even where the vocabulary holds them, and joins two
# words that only a tab divides. BERT's own tokenizer makes each of these characters a token and divides words at a tab.
# Seen: "a $ b" and "a b" give the same ids; "a<tab>b" gives one unknown word instead of a and b.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' a b '$' '<' '=' '>' '+' > vocab.txt
cat > app.cs <<'CS'
#:package Microsoft.ML.Tokenizers@2.0.1
using Microsoft.ML.Tokenizers;

using var vocabulary = File.OpenRead("vocab.txt");
var tokenizer = BertTokenizer.Create(vocabulary);
foreach (string text in new[] { "a b", "a $ b", "a < b", "a = b", "a > b", "a + b", "a\tb" })
    Console.WriteLine(string.Join(' ', tokenizer.EncodeToIds(text)));
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$(echo "$out" | head -6 | sort -u)" = "2 5 6 3" ] && [ "$(echo "$out" | tail -1)" != "2 5 6 3" ] || { echo "changed" >&2; exit 1; }
