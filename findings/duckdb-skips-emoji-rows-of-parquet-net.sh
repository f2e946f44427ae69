#!/usr/bin/env bash
# Parquet.Net 6.1.0 writes a text column's minimum and maximum in the order of UTF-16 units; the Parquet format orders text by its UTF-8
# bytes, and DuckDB (DuckDB.NET.Data.Full 1.5.6.1) skips row groups by that order. The two orders differ for characters above U+FFFF, which are
# surrogates (U+D800 on) in UTF-16. One would guess that a query gives the same rows from a file and from a table filled out of that file.
# Seen for the tokens "a", an emoji (U+1F600) and a full-width exclamation mark (U+FF01): the file's maximum is the mark, and a search for
# the emoji finds one row in the table and none in the file. In the order of bytes the emoji would be the maximum.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Parquet.Net@6.1.0
#:package DuckDB.NET.Data.Full@1.5.6.1
#:property PublishAot=false
using DuckDB.NET.Data;
using Parquet;
using Parquet.Schema;

var token = new DataField<string>("token");
await using (var stream = File.Create("tokens.parquet"))
{
    await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(token), stream);
    using var rows = writer.CreateRowGroup();
    await rows.WriteAsync(token, new[] { "a", "\U0001F600", "\uFF01" });
}

using var database = new DuckDBConnection("DataSource=:memory:");
database.Open();
object? Run(string sql)
{
    using var command = database.CreateCommand();
    command.CommandText = sql;
    return command.ExecuteScalar();
}
Run("create table tokens as select * from 'tokens.parquet'");
Console.WriteLine($"maximum in the file: U+{(int)((string)Run("select stats_max_value from parquet_metadata('tokens.parquet')")!)[0]:X4}");
foreach (string from in new[] { "tokens", "'tokens.parquet'" })
    Console.WriteLine($"{from}: {Run($"select count(*) from {from} where token = '\U0001F600'")}");
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'maximum in the file: U+FF01\ntokens: 1\n\'tokens.parquet\': 0' ] || { echo "changed" >&2; exit 1; }
