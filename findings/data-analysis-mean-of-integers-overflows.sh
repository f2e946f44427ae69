#!/usr/bin/env bash
# Microsoft.Data.Analysis 0.23.1: Mean() of an integer column adds in the column's own type and returns the quotient as a double, so the
# mean of large counts is negative and the mean of bytes is too small. One would guess a sum in double, as NumPy and pandas take it.
# Seen: the mean of 200 and 100 in a byte column is 22, and the mean of 2147483647 and 1 in an int column is -1073741824.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Microsoft.Data.Analysis@0.23.1
using Microsoft.Data.Analysis;

Console.WriteLine(new ByteDataFrameColumn("n", [200, 100]).Mean());
Console.WriteLine(new Int32DataFrameColumn("n", [int.MaxValue, 1]).Mean());
Console.WriteLine(new DoubleDataFrameColumn("n", [int.MaxValue, 1]).Mean());
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'22\n-1073741824\n1073741824' ] || { echo "changed" >&2; exit 1; }
