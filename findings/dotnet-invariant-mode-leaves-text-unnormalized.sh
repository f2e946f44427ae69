#!/usr/bin/env bash
# .NET 10.0.12 in invariant globalization mode, which images without ICU set: string.Normalize() returns its argument as it is, and
# IsNormalized() says true of it. BERT's uncased normalizer strips accents after NFD, so its tokens change with a setting of the machine.
# One would guess an error, or the normalization forms, which depend on no culture.
# Seen: "e" + U+0301 has length 1 after Normalize() and IsNormalized False; in invariant mode 2 and True. U+FB01 (fi) stays under NFKC too.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:property PublishAot=false
using System.Text;

string accented = "e\u0301";
Console.WriteLine($"{accented.Normalize().Length} {accented.IsNormalized()} {"\u00e9".Normalize(NormalizationForm.FormD).Length} {"\ufb01".Normalize(NormalizationForm.FormKC).Length}");
CS
out=$(DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 dotnet run app.cs; DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 dotnet run app.cs)
echo "$out"
[ "$out" = $'1 False 2 2\n2 True 1 1' ] || { echo "changed" >&2; exit 1; }
