#!/usr/bin/env bash
# Parquet.Net 6.1.0: a text column that is declared as DataField<string> has the CLR type ReadOnlyMemory<char>, in the schema that one
# writes with and in the schema that is read back. Code that looks for text columns by ClrType == typeof(string) finds none of them.
# Seen: ReadOnlyMemory`1 for both, and the column still writes from and reads into string.
set -eu
d=$(mktemp -d); trap 'rm -rf "$d"' EXIT; cd "$d"
cat > app.cs <<'CS'
#:package Parquet.Net@6.1.0
#:property PublishAot=false
using Parquet;
using Parquet.Schema;

var text = new DataField<string>("text");
await using (var stream = File.Create("texts.parquet"))
{
    await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(text), stream);
    using var rows = writer.CreateRowGroup();
    await rows.WriteAsync(text, new[] { "one", "two" });
}
await using var reader = await ParquetReader.CreateAsync("texts.parquet");
var field = reader.Schema.GetDataFields()[0];
using var group = reader.OpenRowGroupReader(0);
var values = new string?[2];
await group.ReadAsync(field, values.AsMemory());
Console.WriteLine($"written {text.ClrType.Name}, read {field.ClrType.Name}, values {string.Join(' ', values)}");
CS
out=$(dotnet run app.cs)
echo "$out"
[ "$out" = 'written ReadOnlyMemory`1, read ReadOnlyMemory`1, values one two' ] || { echo "changed" >&2; exit 1; }
