#!/usr/bin/env bash
# Microsoft.Data.Analysis 0.23.1: GroupBy(...).Mean and .Min count a null as the number 0, while the column's own Mean leaves nulls out.
# A guess from pandas, SQL or the same library's column methods would be that nulls are skipped.
# Seen: values 4, null, 8 in one group give mean 4 and min 0; the column alone gives mean 6.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Microsoft.Data.Analysis@0.23.1
using Microsoft.Data.Analysis;

var frame = new DataFrame(
    new StringDataFrameColumn("group", ["a", "a", "a"]),
    new DoubleDataFrameColumn("value", [4.0, null, 8.0]));
Console.WriteLine($"column mean {frame["value"].Mean()}");
Console.WriteLine($"group mean {frame.GroupBy("group").Mean("value")["value"][0]}");
Console.WriteLine($"group min {frame.GroupBy("group").Min("value")["value"][0]}");
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'column mean 6\ngroup mean 4\ngroup min 0' ] || { echo "changed" >&2; exit 1; }
