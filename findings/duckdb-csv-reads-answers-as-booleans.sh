#!/usr/bin/env bash
# DuckDB.NET.Data.Full 1.5.6.1: read_csv takes a column that holds only yes and no for booleans, so that the answers of a labelled set come
# back as True and False and no longer match a prompt's choices. One would guess text, as pandas gives it. all_varchar=true keeps the words.
# Seen: "yes no" is read as "True False" of type Boolean; with all_varchar it stays "yes no".
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
printf 'question,answer\nIs it wet?,yes\nIs it dry?,no\n' > answers.csv
cat > app.cs <<'CS'
#:package DuckDB.NET.Data.Full@1.5.6.1
#:property PublishAot=false
using DuckDB.NET.Data;

using var database = new DuckDBConnection("DataSource=:memory:");
database.Open();
foreach (string options in new[] { "", ", all_varchar=true" })
{
    using var command = database.CreateCommand();
    command.CommandText = $"select answer from read_csv('answers.csv'{options})";
    using var reader = command.ExecuteReader();
    var answers = new List<object>();
    while (reader.Read())
        answers.Add(reader.GetValue(0));
    Console.WriteLine($"{reader.GetDataTypeName(0)}: {string.Join(' ', answers)}");
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'Boolean: True False\nVarchar: yes no' ] || { echo "changed" >&2; exit 1; }
