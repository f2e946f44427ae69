#!/usr/bin/env bash
# Microsoft.Data.Analysis 0.23.1: a comparison of a column with a number takes a null for 0, so rows without a value pass a filter; and
# Description(), which counts the values without nulls, divides by the number of rows. One would guess from SQL and pandas that a null
# passes no comparison, and that the mean of the summary is the column's own.
# Seen for 4, null, -8, 2: "< 1" keeps 2 rows, "= 0" keeps 1; Description says 3 values with mean -0.5, the column's Mean says -2/3.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Microsoft.Data.Analysis@0.23.1
using System.Globalization;
using Microsoft.Data.Analysis;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var value = new DoubleDataFrameColumn("value", [4, null, -8, 2]);
var frame = new DataFrame(value);
Console.WriteLine($"below 1: {frame.Filter(value.ElementwiseLessThan(1)).Rows.Count} rows");
Console.WriteLine($"equal to 0: {frame.Filter(value.ElementwiseEquals(0)).Rows.Count} rows");
var summary = frame.Description();
Console.WriteLine($"summary: {summary["value"][0]} values, mean {summary["value"][3]}; column: mean {value.Mean():F3}");
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'below 1: 2 rows\nequal to 0: 1 rows\nsummary: 3 values, mean -0.5; column: mean -0.667' ] || { echo "changed" >&2; exit 1; }
