#!/usr/bin/env bash
# .NET 10.0.12: GZipStream, ZLibStream and BrotliStream read a file that was cut anywhere, as an interrupted download of a corpus leaves it,
# up to the cut and report the end of the text. One would guess an error, as Python's gzip gives ("ended before the end-of-stream marker"),
# since the format ends with a checksum and a length.
# Seen: of every seventh prefix of a packed text of 2,000 lines, none is refused by any of the three, and nearly all give a shorter text.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:property PublishAot=false
using System.IO.Compression;
using System.Text;

string text = string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i} {i * 7919 % 1000}\n"));
foreach (var (name, pack, unpack) in new (string, Func<Stream, Stream>, Func<Stream, Stream>)[]
{
    ("gzip", s => new GZipStream(s, CompressionMode.Compress), s => new GZipStream(s, CompressionMode.Decompress)),
    ("zlib", s => new ZLibStream(s, CompressionMode.Compress), s => new ZLibStream(s, CompressionMode.Decompress)),
    ("brotli", s => new BrotliStream(s, CompressionMode.Compress), s => new BrotliStream(s, CompressionMode.Decompress)),
})
{
    var packed = new MemoryStream();
    using (var stream = pack(packed))
        stream.Write(Encoding.UTF8.GetBytes(text));
    byte[] file = packed.ToArray();
    int cuts = 0, refused = 0, shorter = 0;
    for (int length = 1; length < file.Length; length += 7, cuts++)
    {
        try
        {
            shorter += new StreamReader(unpack(new MemoryStream(file, 0, length))).ReadToEnd().Length < text.Length ? 1 : 0;
        }
        catch (InvalidDataException)
        {
            refused++;
        }
    }
    Console.WriteLine($"{name}: refused {refused}, shorter text {(shorter > cuts - 5 ? "nearly always" : shorter)}");
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'gzip: refused 0, shorter text nearly always\nzlib: refused 0, shorter text nearly always\nbrotli: refused 0, shorter text nearly always' ] || { echo "changed" >&2; exit 1; }
