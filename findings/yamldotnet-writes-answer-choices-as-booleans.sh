#!/usr/bin/env bash
# YamlDotNet 18.1.0: Serializer writes the strings yes, no, null, 1 and 2020-01-01 without quotes. PyYAML 6.0 (Debian's python3-yaml) reads
# them as a boolean, nothing, a number and a date, and YamlDotNet itself reads "null" back as a null string. One would guess that a list of
# strings, such as the answer choices of a prompt, comes back as strings. WithQuotingNecessaryStrings() saves null and 1, and not yes and no
# until it is given quoteYaml1_1Strings: true.
# Seen: PyYAML reads [True, False, None, 1, date]; with quoting [True, False, 'null', '1', date]; with YAML 1.1's quoting yes and no are strings.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package YamlDotNet@18.1.0
#:property PublishAot=false
using YamlDotNet.Serialization;

string[] choices = ["yes", "no", "null", "1", "2020-01-01"];
File.WriteAllText("plain.yaml", new SerializerBuilder().Build().Serialize(choices));
File.WriteAllText("quoted.yaml", new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(choices));
File.WriteAllText("quoted11.yaml", new SerializerBuilder().WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).Build().Serialize(choices));
string?[] back = new Deserializer().Deserialize<string?[]>(File.ReadAllText("plain.yaml"));
Console.WriteLine($"YamlDotNet: {string.Join(' ', back.Select(choice => choice ?? "(nothing)"))}");
CS
out=$(dotnet run app.cs; /usr/bin/python3 -c "
import yaml
for name in 'plain', 'quoted', 'quoted11':
    print(name, *(type(choice).__name__ for choice in yaml.safe_load(open(name + '.yaml'))))")
echo "$out"
[ "$(echo "$out" | sed -n 1p)" = "YamlDotNet: yes no (nothing) 1 2020-01-01" ] && [ "$(echo "$out" | sed -n 2p)" = "plain bool bool NoneType int date" ] &&
  [ "$(echo "$out" | sed -n 3p)" = "quoted bool bool str str date" ] && echo "$out" | grep -q "^quoted11 str str str str" || { echo "changed" >&2; exit 1; }
