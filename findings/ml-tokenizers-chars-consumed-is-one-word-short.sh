#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1: WordPieceTokenizer.EncodeToIds(text, maxTokenCount, out normalized, out charsConsumed) returns the ids of
# n words, and a charsConsumed that ends before the last of them, when the limit is met exactly. A loop that cuts a long text into windows
# and goes on at charsConsumed encodes one word twice at every seam. One would guess the end of the last word that has an id.
# Seen for "a b c d": 2 tokens consume 1 character, 3 consume 3, 4 consume 5 of 7; with a limit that is not met, 4 tokens consume all 7.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' '[MASK]' a b c d > vocab.txt
cat > app.cs <<'CS'
#:package Microsoft.ML.Tokenizers@2.0.1
using Microsoft.ML.Tokenizers;

using var vocabulary = File.OpenRead("vocab.txt");
var tokenizer = WordPieceTokenizer.Create(vocabulary);
foreach (int limit in new[] { 2, 3, 4, 5 })
{
    int tokens = tokenizer.EncodeToIds("a b c d", limit, out _, out int consumed).Count;
    Console.WriteLine($"limit {limit}: {tokens} tokens, {consumed} characters");
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'limit 2: 2 tokens, 1 characters\nlimit 3: 3 tokens, 3 characters\nlimit 4: 4 tokens, 5 characters\nlimit 5: 4 tokens, 7 characters' ] || { echo "changed" >&2; exit 1; }
