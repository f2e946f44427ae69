#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1 reads the SentencePiece models of T5's kind (Unigram), and gives one unknown token for each character that
# the vocabulary lacks. SentencePiece itself joins a run of them into one token, and one would guess its ids from a reader of its files:
# a word in another script fills a T5 input with unknowns here.
# Seen with a model of eight pieces: "a xyz b" gives 3 5 2 2 2 4; SentencePiece 0.1.97 (Debian's python3-sentencepiece) gives 3 5 2 4.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > model.py <<'PY'
import struct

def number(field, value):
    out = b''
    for v in field << 3, value:
        while v > 127:
            out, v = out + bytes([v & 127 | 128]), v >> 7
        out += bytes([v])
    return out

def part(field, content):
    return bytes([field << 3 | 2, len(content)]) + content

# A piece has a text, a score and a kind (1 normal, 2 unknown, 3 control); then the trainer's model type and ids, and the normalizer.
pieces = [('<pad>', 0, 3), ('</s>', 0, 3), ('<unk>', 0, 2), ('\u2581a', -1, 1), ('\u2581b', -1, 1), ('\u2581', -2, 1), ('a', -3, 1), ('b', -3, 1)]
model = b''.join(part(1, part(1, text.encode()) + b'\x15' + struct.pack('<f', score) + number(3, kind)) for text, score, kind in pieces)
model += part(2, number(3, 1) + number(40, 2) + number(41, 1) + number(42, 1) + number(43, 0))
model += part(3, part(1, b'identity') + number(3, 1) + number(4, 1) + number(5, 1))
open('unigram.model', 'wb').write(model)
PY
/usr/bin/python3 model.py
cat > app.cs <<'CS'
#:package Microsoft.ML.Tokenizers@2.0.1
using Microsoft.ML.Tokenizers;

using var model = File.OpenRead("unigram.model");
var tokenizer = SentencePieceTokenizer.Create(model, addBeginningOfSentence: false, addEndOfSentence: false);
foreach (string text in new[] { "a b", "a xyz b" })
    Console.WriteLine(string.Join(' ', tokenizer.EncodeToIds(text)));
CS
out=$(dotnet run app.cs)
echo "$out"
# Beside it, where the package is installed, SentencePiece's own answer.
/usr/bin/python3 -c "
import sentencepiece
model = sentencepiece.SentencePieceProcessor(model_file='unigram.model')
print('SentencePiece:', *model.encode('a xyz b'))" 2> /dev/null || echo "(python3-sentencepiece is not installed)"
[ "$out" = $'3 4\n3 5 2 2 2 4' ] || { echo "changed" >&2; exit 1; }
