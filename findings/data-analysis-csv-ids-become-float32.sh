#!/usr/bin/env bash
# Microsoft.Data.Analysis 0.23.1: DataFrame.LoadCsv reads a column of whole numbers as Single, whose 24 bits hold no id above 16,777,216.
# Neighbouring ids become one, and a later GroupBy or Merge on them mixes rows, without an error. One would guess integers, or doubles.
# Seen: the ids 16777216 and 16777217 are read as the same number, of type System.Single; with dataTypes given as long they differ.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Microsoft.Data.Analysis@0.23.1
using Microsoft.Data.Analysis;

const string Table = "id,label\n16777216,a\n16777217,b\n";
foreach (var types in new Type[]?[] { null, [typeof(long), typeof(string)] })
{
    var ids = DataFrame.LoadCsvFromString(Table, dataTypes: types).Columns["id"];
    Console.WriteLine($"{ids.DataType}: {(ids[0].Equals(ids[1]) ? "equal" : "different")}");
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'System.Single: equal\nSystem.Int64: different' ] || { echo "changed" >&2; exit 1; }
