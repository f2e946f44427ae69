#!/usr/bin/env bash
# Parquet.Net 6.1.0 leaves NaN out of a column's minimum and maximum, as the format asks. DuckDB (DuckDB.NET.Data.Full 1.5.6.1) orders NaN
# above every number, and still skips a row group by that maximum. One would guess that a query gives the same rows from a file and from
# a table filled out of that file.
# Seen for the scores 1, NaN, 3: "score > 5" and "score = 'nan'" each find one row in the table and none in the file.
# A Parquet file of the same table by DuckDB itself gives the row: DuckDB writes no maximum beside a NaN.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Parquet.Net@6.1.0
#:package DuckDB.NET.Data.Full@1.5.6.1
#:property PublishAot=false
using DuckDB.NET.Data;
using Parquet;
using Parquet.Schema;

var score = new DataField<double>("score");
await using (var stream = File.Create("scores.parquet"))
{
    await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(score), stream);
    using var rows = writer.CreateRowGroup();
    await rows.WriteAsync<double>(score, new[] { 1.0, double.NaN, 3.0 });
}

using var database = new DuckDBConnection("DataSource=:memory:");
database.Open();
object? Run(string sql)
{
    using var command = database.CreateCommand();
    command.CommandText = sql;
    return command.ExecuteScalar();
}
Run("create table scores as select * from 'scores.parquet'");
Run("copy scores to 'duck.parquet'");
foreach (string condition in new[] { "score > 5", "score = 'nan'::double", "isnan(score)" })
    Console.WriteLine($"{condition}: {string.Join(' ', new[] { "scores", "'scores.parquet'", "'duck.parquet'" }.Select(from => Run($"select count(*) from {from} where {condition}")))}");
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = $'score > 5: 1 0 1\nscore = \'nan\'::double: 1 0 1\nisnan(score): 1 1 1' ] || { echo "changed" >&2; exit 1; }
