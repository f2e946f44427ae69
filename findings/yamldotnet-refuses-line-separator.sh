#!/usr/bin/env bash
# YamlDotNet 18.1.0 refuses a raw U+2028 (line separator) inside a double-quoted scalar with a message about wrong indentation. YAML 1.2
# counts that character among the printable ones that are no line break, and PyYAML, which wrote many a file of prompts, reads it.
# Seen: "found wrong indentation" for a file whose only oddity is that character; the same file with a space is read.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package YamlDotNet@18.1.0
#:property PublishAot=false
using YamlDotNet.RepresentationModel;

foreach (char c in new[] { ' ', '\u2028' })
{
    try
    {
        var stream = new YamlStream();
        stream.Load(new StringReader($"text:\n  inner: \"one{c}two\"\n"));
        Console.WriteLine("read");
    }
    catch (YamlDotNet.Core.YamlException e)
    {
        Console.WriteLine($"refused: {e.Message}");
    }
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$(echo "$out" | sed -n 1p)" = read ] && [ "$(echo "$out" | sed -n '2s/:.*//p')" = refused ] || { echo "changed" >&2; exit 1; }
