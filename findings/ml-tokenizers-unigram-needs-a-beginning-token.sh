#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1: SentencePieceTokenizer.Create refuses a Unigram model whose trainer was told to have no token for the
# beginning of a text (bos_id -1), which is how the models of T5 and T0 were made; it takes the -1 for a row of its table. One would guess
# that addBeginningOfSentence: false is enough. SentencePiece 0.1.97 reads such a model.
# Seen: IndexOutOfRangeException for bos_id -1; the same model with the unknown token's id in that place is read, and gives the same ids.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > model.py <<'PY'
import struct

def number(field, value):
    out = b''
    for v in field << 3, value % 2**64:
        while v > 127:
            out, v = out + bytes([v & 127 | 128]), v >> 7
        out += bytes([v])
    return out

def part(field, content):
    return bytes([field << 3 | 2, len(content)]) + content

# A piece has a text, a score and a kind (1 normal, 2 unknown, 3 control); then the trainer's model type and ids, and the normalizer.
pieces = [('<pad>', 0, 3), ('</s>', 0, 3), ('<unk>', 0, 2), ('\u2581a', -1, 1), ('\u2581b', -1, 1), ('\u2581', -2, 1)]
for name, beginning in ('without', -1), ('with', 2):
    model = b''.join(part(1, part(1, text.encode()) + b'\x15' + struct.pack('<f', score) + number(3, kind)) for text, score, kind in pieces)
    model += part(2, number(3, 1) + number(40, 2) + number(41, beginning) + number(42, 1) + number(43, 0))
    model += part(3, part(1, b'identity') + number(3, 1) + number(4, 1) + number(5, 1))
    open(name + '.model', 'wb').write(model)
PY
/usr/bin/python3 model.py
cat > app.cs <<'CS'
#:package Microsoft.ML.Tokenizers@2.0.1
using Microsoft.ML.Tokenizers;

foreach (string name in new[] { "without", "with" })
{
    using var model = File.OpenRead(name + ".model");
    try
    {
        Console.WriteLine(string.Join(' ', SentencePieceTokenizer.Create(model, addBeginningOfSentence: false, addEndOfSentence: false).EncodeToIds("a b")));
    }
    catch (Exception e)
    {
        Console.WriteLine(e.GetType().Name);
    }
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'IndexOutOfRangeException\n3 4' ] || { echo "changed" >&2; exit 1; }
