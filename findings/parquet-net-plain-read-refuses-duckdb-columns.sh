#!/usr/bin/env bash
# Parquet.Net 6.1.0: the ReadAsync overload for plain values refuses a column that the file calls optional, though no value is missing.
# DuckDB (DuckDB.NET.Data.Full 1.5.6.1) calls every column optional, even one that its table declares NOT NULL. One would guess that a
# bigint NOT NULL column without nulls reads as long. The overload for long? reads it.
# Seen: "ArgumentException: Definition levels buffer is required" for Memory<long>, and the values for Memory<long?>.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Parquet.Net@6.1.0
#:package DuckDB.NET.Data.Full@1.5.6.1
#:property PublishAot=false
using DuckDB.NET.Data;
using Parquet;

using var database = new DuckDBConnection("DataSource=:memory:");
database.Open();
using var command = database.CreateCommand();
command.CommandText = "create table counts (n bigint not null); insert into counts values (4), (8); copy counts to 'counts.parquet'";
command.ExecuteNonQuery();

await using var reader = await ParquetReader.CreateAsync("counts.parquet");
using var rows = reader.OpenRowGroupReader(0);
var field = reader.Schema.GetDataFields()[0];
var plain = new long[2];
try
{
    await rows.ReadAsync<long>(field, plain.AsMemory());
    Console.WriteLine($"long: {string.Join(' ', plain)}");
}
catch (ArgumentException e)
{
    Console.WriteLine($"long: refused, {e.Message}");
}
var optional = new long?[2];
await rows.ReadAsync<long>(field, optional.AsMemory());
Console.WriteLine($"long?: {string.Join(' ', optional)}");
CS
out=$(dotnet run app.cs)
echo "$out"
case "$out" in "long: refused, "*$'\n'"long?: 4 8") ;; *) echo "changed" >&2; exit 1 ;; esac
