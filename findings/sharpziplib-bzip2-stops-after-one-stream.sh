#!/usr/bin/env bash
# SharpZipLib 1.4.2: BZip2InputStream ends after the first stream of a .bz2 file and reports no error. Files of many streams are valid and
# common: Wikipedia's "multistream" dumps and everything that pbzip2 writes. One would guess the whole text, as GZipInputStream of the same
# library gives it for a .gz of several members, and as Python's bz2 gives it.
# Seen: bz2 "one " of "one two", gz "one two".
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package SharpZipLib@1.4.2
#:property PublishAot=false
using System.Text;
using ICSharpCode.SharpZipLib.BZip2;
using ICSharpCode.SharpZipLib.GZip;

static byte[] Packed(string text, Func<Stream, Stream> packer)
{
    var bytes = new MemoryStream();
    using (var stream = packer(bytes))
        stream.Write(Encoding.UTF8.GetBytes(text));
    return bytes.ToArray();
}

byte[] bz2 = [.. Packed("one ", s => new BZip2OutputStream(s)), .. Packed("two", s => new BZip2OutputStream(s))];
byte[] gz = [.. Packed("one ", s => new GZipOutputStream(s)), .. Packed("two", s => new GZipOutputStream(s))];
File.WriteAllBytes("two.bz2", bz2);
Console.WriteLine($"bz2 [{new StreamReader(new BZip2InputStream(new MemoryStream(bz2))).ReadToEnd()}]");
Console.WriteLine($"gz [{new StreamReader(new GZipInputStream(new MemoryStream(gz))).ReadToEnd()}]");
CS
out=$(dotnet run app.cs)
echo "$out"
/usr/bin/python3 -c "import bz2; print('python [%s]' % bz2.open('two.bz2', 'rt').read())"
[ "$out" = $'bz2 [one ]\ngz [one two]' ] || { echo "changed" >&2; exit 1; }
