#!/usr/bin/env bash
# YamlDotNet 18.1.0 writes a string with a tab between two words as a plain scalar, which YAML allows, with quoting of "necessary strings"
# switched on too. PyYAML 6.0 (Debian's python3-yaml) refuses a tab in a plain scalar, and with it the whole file. One would guess that what
# one of the two common libraries writes, the other reads; a prompt that shows a table is enough.
# Seen: "found character '\t' that cannot start any token"; the same string in double quotes is read.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package YamlDotNet@18.1.0
#:property PublishAot=false
using YamlDotNet.Serialization;

Console.Write(new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(new Dictionary<string, string> { ["prompt"] = "word\tcount" }));
CS
dotnet run app.cs > prompt.yaml
cat prompt.yaml
printf 'prompt: "word\\tcount"\n' > quoted.yaml
out=$(/usr/bin/python3 -c "
import yaml
for name in 'prompt', 'quoted':
    try:
        print(repr(yaml.safe_load(open(name + '.yaml'))['prompt']))
    except yaml.YAMLError as e:
        print(e.problem)")
echo "$out"
[ "$out" = "found character '\\t' that cannot start any token"$'\n'"'word\\tcount'" ] || { echo "changed" >&2; exit 1; }
