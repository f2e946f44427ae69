#!/usr/bin/env bash
# YamlDotNet 18.1.0: Serializer writes a string that holds a carriage return as a folded block, whose line ends YAML reads as line feeds.
# What comes back has lost every CR, on YamlDotNet's own reading too; texts of Windows, and a lone CR, change. U+0085 becomes a line feed
# as well. One would guess a double-quoted scalar with \r, which is the only form that keeps it, and which PyYAML writes.
# Seen: "a\r\nb", "a\rb" and "a\u0085b" all come back as "a\nb", with WithQuotingNecessaryStrings() and without.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package YamlDotNet@18.1.0
#:property PublishAot=false
using YamlDotNet.Serialization;

foreach (var serializer in new[] { new SerializerBuilder().Build(), new SerializerBuilder().WithQuotingNecessaryStrings().Build() })
    foreach (string text in new[] { "a\nb", "a\r\nb", "a\rb", "a\u0085b" })
    {
        string back = new Deserializer().Deserialize<string[]>(serializer.Serialize(new[] { text }))[0];
        Console.WriteLine($"{string.Join(' ', text.Select(c => (int)c))} -> {string.Join(' ', back.Select(c => (int)c))}");
    }
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$(echo "$out" | sed 's/.* -> //' | sort | uniq -c | xargs)" = "8 97 10 98" ] || { echo "changed" >&2; exit 1; }
