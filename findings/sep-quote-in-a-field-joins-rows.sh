#!/usr/bin/env bash
# Sep 0.17.1: a double quote in the middle of an unquoted field opens a quoted part, in which separators and line ends count as text. Two
# rows of a table of sentences that each hold one inch mark become one row. Python's csv and CsvHelper 34.0.0 take such a quote for a
# character, since a quoted field begins with its quote. One would guess that only the first character of a field opens quotes.
# Seen, with Unescape on or off: Sep gives 2 rows, the second of which spans two lines; CsvHelper gives 3.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Sep@0.17.1
#:package CsvHelper@34.0.0
#:property PublishAot=false
using CsvHelper;
using nietras.SeparatedValues;

const string Table = "id\tsentence\n1\ta nail\n2\ta nail of 6\" length\n3\ta nail of 7\" length\n";
foreach (bool unescape in new[] { false, true })
{
    using var reader = Sep.New('\t').Reader(options => options with { Unescape = unescape }).FromText(Table);
    var rows = new List<string>();
    foreach (var row in reader)
        rows.Add($"{row["id"]}|{row["sentence"]}");
    Console.WriteLine($"Sep {rows.Count} rows, the last: {rows[^1].ReplaceLineEndings("<line end>").Replace("\t", "<tab>")}");
}
using var csv = CsvReader.Create(new StringReader(Table), new CsvReaderOptions { Separator = '\t' });
int count = 0;
while (csv.Read())
    count++;
Console.WriteLine($"CsvHelper {count} rows");
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$(echo "$out" | cut -d' ' -f1-3 | tr '\n' ' ' | tr -d ,)" = "Sep 2 rows Sep 2 rows CsvHelper 3 rows " ] || { echo "changed" >&2; exit 1; }
