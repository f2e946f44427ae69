#!/usr/bin/env bash
# DuckDB.NET.Data.Full 1.5.6.1: sum() of a BIGINT column is a HUGEINT, which ExecuteScalar returns as a BigInteger. A cast to long fails, and
# so does Convert.ToInt64, because BigInteger is no IConvertible; count(*) of the same query is a long. One would guess the column's type.
# reader.GetInt64(0), or sum(n)::bigint in the query, gives the number.
# Seen: InvalidCastException for the cast and for Convert; 12 from GetInt64 and from the cast in SQL.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package DuckDB.NET.Data.Full@1.5.6.1
#:property PublishAot=false
using DuckDB.NET.Data;

using var database = new DuckDBConnection("DataSource=:memory:");
database.Open();
using var command = database.CreateCommand();
command.CommandText = "create table counts (n bigint); insert into counts values (4), (8)";
command.ExecuteNonQuery();
foreach (string sum in new[] { "sum(n)", "sum(n)::bigint" })
{
    command.CommandText = $"select {sum} from counts";
    foreach (var (name, read) in new (string, Func<long>)[]
    {
        ("cast", () => (long)command.ExecuteScalar()!),
        ("Convert", () => Convert.ToInt64(command.ExecuteScalar())),
        ("GetInt64", () => { using var reader = command.ExecuteReader(); reader.Read(); return reader.GetInt64(0); }),
    })
    {
        try
        {
            Console.WriteLine($"{sum} {name}: {read()}");
        }
        catch (InvalidCastException e)
        {
            Console.WriteLine($"{sum} {name}: {e.GetType().Name}");
        }
    }
}
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$(echo "$out" | sed 's/.*: //' | xargs)" = "InvalidCastException InvalidCastException 12 12 12 12" ] || { echo "changed" >&2; exit 1; }
